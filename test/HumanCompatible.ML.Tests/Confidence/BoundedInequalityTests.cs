using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Tests.Trainers;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class BoundedInequalityTests
{
    public static IEnumerable<object[]> Constraints
        => Workout.Constraints.Append(Fairness.LossParity("Sex", 0.1) with { Comparison = GroupComparison.Ratio })
        .Select(constraint => new object[] { constraint });

    [TestMethod]
    [DynamicData(nameof(Constraints))]
    public void Of_AnyBound_GivesTheInequalitiesOfTheDeclarationWithThatBound(FairnessConstraint constraint)
    {
        string[] names = ["False", "True", "other"];
        foreach (var bound in new[] { 0, 0.05, 0.4, 1 })
        {
            var inequalities = (constraint with { Bound = bound }).Inequalities(names).ToList();
            var bounded = BoundedInequality.Of(constraint, names).ToList();

            Assert.HasCount(inequalities.Count, bounded);
            foreach (var (expected, actual) in inequalities.Zip(bounded))
            {
                Assert.AreEqual(expected.Bound, actual.Bound(bound), 1e-15);
                for (var term = 0; term < expected.Terms.Count; term++)
                {
                    Assert.AreEqual((expected.Terms[term].Metric, expected.Terms[term].Group),
                        (actual.Terms[term].Metric, actual.Terms[term].Group));
                    Assert.AreEqual(expected.Terms[term].Coefficient, actual.Coefficient(term, bound), 1e-15);
                }

                Assert.AreEqual(constraint is ParityConstraint, actual.IsDifference);
                if (!actual.IsDifference)
                    continue;
                Assert.AreEqual(actual.Terms[0].Metric, actual.Terms[1].Metric);
                Assert.AreNotEqual(actual.Terms[0].Group, actual.Terms[1].Group);
                Assert.IsTrue(actual.Coefficient(0, bound) >= 0 && actual.Coefficient(1, bound) <= 0, $"{constraint.Name} at {bound}");
            }
        }
    }
}
