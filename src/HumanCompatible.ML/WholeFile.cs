namespace HumanCompatible.ML;

/// <summary>Files that nobody ever sees half written.</summary>
internal static class WholeFile
{
    /// <summary>
    /// Writes beside a file and moves it there when it is whole. Who reads meanwhile sees the former file or this one, and a writer that is
    /// cut short leaves the former.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="beside">Where it is written, in the same folder; replaced where it is there.</param>
    /// <param name="write">Writes it.</param>
    internal static void Write(string path, string beside, Action<Stream> write)
    {
        try
        {
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
