namespace Microsoft.ML;

internal static class RandomUtils
{
    public static Random Create(int? seed) => seed.HasValue ? new TauswortheHybrid((uint)seed.Value) : new TauswortheHybrid(new Random());

    public static Random Create(Random seed) => new TauswortheHybrid(seed);
}

/// <summary>
/// The combined Tausworthe and linear congruential generator (L. Howes and D. Thomas, GPU Gems 3, chapter 37): hosts of equal seeds
/// draw the same numbers here and in the original.
/// </summary>
internal sealed class TauswortheHybrid : Random
{
    private uint _z1;
    private uint _z2;
    private uint _z3;
    private uint _z4;

    public TauswortheHybrid(uint seed)
    {
        _z1 = seed;
        _z2 = MurmurRound(_z1, seed);
        _z3 = MurmurRound(_z2, seed);
        _z4 = MurmurRound(_z3, seed);
    }

    public TauswortheHybrid(Random source)
    {
        // The three Tausworthe words need a bit above the lowest seven.
        _z1 = Draw(source, 128);
        _z2 = Draw(source, 128);
        _z3 = Draw(source, 128);
        _z4 = Draw(source, 0);
    }

    public override double NextDouble() => NextWord() / 4294967296.0;

    public override int Next()
    {
        var word = NextWord();
        return (int)(word + (word & 0x80000000U));
    }

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)(((ulong)NextWord() * (ulong)maxValue) >> 32);
    }

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (int)((long)(NextDouble() * ((long)maxValue - minValue)) + minValue);
    }

    public override float NextSingle() => (NextWord() >> 9) / 8388608f;

    public override void NextBytes(byte[] buffer)
    {
        for (var i = 0; i < buffer.Length; i++)
            buffer[i] = (byte)Next();
    }

    protected override double Sample() => NextDouble();

    private static uint Draw(Random source, uint minimum)
    {
        while (true)
        {
            var high = (uint)source.Next(0x10000);
            var word = (high << 16) | (uint)source.Next(0x10000);
            if (word >= minimum)
                return word;
        }
    }

    private static uint MurmurRound(uint hash, uint chunk)
        => uint.RotateLeft(hash ^ (uint.RotateLeft(chunk * 0xCC9E2D51, 15) * 0x1B873593), 13) * 5 + 0xE6546B64;

    private static uint Tausworthe(uint z, int s1, int s2, int s3, uint mask) => ((z & mask) << s3) ^ (((z << s1) ^ z) >> s2);

    private uint NextWord()
    {
        _z1 = Tausworthe(_z1, 13, 19, 12, ~1U);
        _z2 = Tausworthe(_z2, 2, 25, 4, ~7U);
        _z3 = Tausworthe(_z3, 3, 11, 17, ~15U);
        _z4 = 1664525 * _z4 + 1013904223;
        return _z1 ^ _z2 ^ _z3 ^ _z4;
    }
}
