using System.Globalization;
using System.Text;
using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Display;

namespace HumanCompatible.ML.Tests.Samples;

/// <summary>A temporary folder for tables, and the csv command run on them.</summary>
internal sealed class CsvFolder : IDisposable
{
    private static readonly string[] Jobs = ["clerk", "nurse", "driver", "cook"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("csv-");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    /// <summary>
    /// People whose age, hours and sex decide the label "hired"; job, code and note tell nothing. Every 37th age and job is missing.
    /// </summary>
    public string WritePeople(string name, int rows = 600, int seed = 1, char separator = ',', string missing = "", string stop = "")
    {
        var random = new Random(seed);
        var text = new StringBuilder(string.Join(separator, "age", "hours", "job", "code", "sex", "city", "hired")).Append('\n');
        for (var row = 0; row < rows; row++)
        {
            int age = random.Next(18, 70), hours = random.Next(5, 60);
            var isMan = random.Next(2) == 0;
            var hired = (age - 44) / 10.0 + (hours - 32) / 10.0 + (isMan ? 0.8 : -0.8) + random.NextDouble() - 0.5 > 0;
            text.AppendJoin(separator,
                row % 37 == 5 ? missing : age.ToString(CultureInfo.InvariantCulture),
                hours,
                row % 37 == 9 ? missing : $"\"{Jobs[random.Next(4)]}{separator} \"\"{(row % 2 == 0 ? "a" : "b")}\"\"\"",
                random.Next(1, 5),
                isMan ? "Male" : "Female",
                row % 50 == 3 ? "Rome" : row % 2 == 0 ? "Oslo" : "Bonn",
                (hired ? "yes" : "no") + stop);
            text.Append('\n');
        }
        return Write(name, text.ToString());
    }

    public static Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments) => RunCommand("csv", arguments);

    public static async Task<(int ExitCode, string Output, string Error)> RunCommand(string command, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await Program.RunAsync([command, .. arguments], SampleOutput.Plain(output, error));
        return (exitCode, output.ToString(), error.ToString());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
