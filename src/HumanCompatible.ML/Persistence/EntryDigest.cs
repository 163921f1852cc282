using System.Security.Cryptography;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// What an entry of a model file must be. Finds accidents, which .NET's zip reader does not; it is no signature: who alters an entry on
/// purpose can alter the digest, too.
/// </summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">The SHA-256 of its bytes, in lower-case hexadecimal.</param>
internal sealed record EntryDigest(long Bytes, string Sha256)
{
    internal static EntryDigest Of(byte[] bytes) => new(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));

    /// <exception cref="InvalidDataException">The bytes are not those of the digest.</exception>
    internal void Check(byte[] bytes)
    {
        if (bytes.Length < Bytes)
            throw new InvalidDataException($"it has {bytes.Length} bytes, but {Bytes} were written.");
        if (bytes.Length > Bytes)
            throw new InvalidDataException($"it has more than the {Bytes} bytes that were written.");
        if (Of(bytes) != this)
            throw new InvalidDataException("it was altered after it was written: its SHA-256 differs from the one in the manifest.");
    }
}
