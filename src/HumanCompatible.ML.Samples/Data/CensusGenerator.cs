using System.Globalization;

namespace HumanCompatible.ML.Samples.Data;

/// <summary>
/// A seeded generator of a census-like table with a known bias, for machines without the real one. The log-odds of a high income are a
/// linear function of what people do and know, plus <see cref="Bias"/> for men: the same qualification pays men more. Careers differ a
/// little between the sexes as well (hours, occupation), as they do in the real table, so leaving out the column "sex" does not remove the
/// difference.
/// </summary>
internal static class CensusGenerator
{
    /// <summary>What being a man adds to the log-odds of a high income, all else equal.</summary>
    public const double Bias = 1.2;

    private static readonly (string Name, int Years, double Share)[] Educations =
        [("11th", 7, 0.12), ("HS-grad", 9, 0.33), ("Some-college", 10, 0.23), ("Bachelors", 13, 0.21), ("Masters", 14, 0.08),
            ("Doctorate", 16, 0.03)];

    private static readonly (string Name, double Pay, double MensShare, double WomensShare)[] Occupations =
        [("Exec-managerial", 1.0, 0.18, 0.14), ("Prof-specialty", 0.8, 0.16, 0.20), ("Adm-clerical", -0.2, 0.08, 0.30),
            ("Craft-repair", 0.1, 0.30, 0.06), ("Other-service", -0.9, 0.18, 0.26), ("?", -0.4, 0.10, 0.04)];

    private static readonly (string Name, double Share)[] Races =
        [("White", 0.84), ("Black", 0.10), ("Asian-Pac-Islander", 0.03), ("Amer-Indian-Eskimo", 0.02), ("Other", 0.01)];

    private static readonly (string Name, double Pay, double Share)[] Workclasses =
        [("Private", 0, 0.72), ("Self-emp-inc", 0.6, 0.06), ("Local-gov", 0.1, 0.10), ("State-gov", 0, 0.06), ("?", -0.5, 0.06)];

    /// <summary>Writes a header and <paramref name="rows"/> rows to <paramref name="path"/>; the same seed writes the same file.</summary>
    public static void Write(string path, int rows, int seed)
    {
        var random = new Random(seed);
        using var writer = new StreamWriter(path);
        writer.WriteLine(string.Join(',', CensusColumns.InFileOrder));
        for (var row = 0; row < rows; row++)
            writer.WriteLine(Row(random));
    }

    private static string Row(Random random)
    {
        var man = random.NextDouble() < 0.6;
        var education = Pick(random, Educations, e => e.Share);
        var occupation = Pick(random, Occupations, o => man ? o.MensShare : o.WomensShare);
        var race = Pick(random, Races, r => r.Share);
        var workclass = Pick(random, Workclasses, w => w.Share);
        var age = 17 + (int)(random.NextDouble() * random.NextDouble() * 60);
        var married = random.NextDouble() < (age < 25 ? 0.15 : 0.6);
        var hours = Math.Clamp((int)Math.Round(Normal(random, man ? 43 : 38, 9)), 5, 99);
        var gain = random.NextDouble() < 0.06 ? 1000 + (int)(random.NextDouble() * 12000) : 0;
        var loss = gain == 0 && random.NextDouble() < 0.04 ? 1200 + (int)(random.NextDouble() * 1200) : 0;

        var logOdds = -4.0 + 0.36 * (education.Years - 9) + occupation.Pay + workclass.Pay + (married ? 1.3 : -0.4)
            + 0.05 * (hours - 40) + 0.045 * Math.Min(age - 25, 25) + 0.0006 * gain + 0.0004 * loss + (man ? Bias : 0);
        var highIncome = random.NextDouble() < 1 / (1 + Math.Exp(-logOdds));

        var relationship = married ? man ? "Husband" : "Wife" : "Not-in-family";
        var country = random.NextDouble() < 0.9 ? "United-States" : random.NextDouble() < 0.5 ? "Mexico" : "?";
        var status = married ? "Married-civ-spouse" : "Never-married";
        var numbers = string.Create(CultureInfo.InvariantCulture, $"{age},{education.Years},{gain},{loss},{hours}");
        return string.Join(',', numbers, workclass.Name, education.Name, status, occupation.Name, relationship, race.Name,
            man ? "Male" : "Female", country, highIncome ? "1" : "0");
    }

    private static T Pick<T>(Random random, T[] choices, Func<T, double> share)
    {
        var left = random.NextDouble() * choices.Sum(share);
        foreach (var choice in choices)
        {
            left -= share(choice);
            if (left < 0)
                return choice;
        }

        return choices[^1];
    }

    private static double Normal(Random random, double mean, double deviation)
        => mean + deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
