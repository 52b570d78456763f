using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

public class LearningRateScheduleTests
{
    /// <summary>Figures of the reference for initial_lr 0.001 and 15 epochs (golden group training, sched.CosineAnnealingLR).</summary>
    private static readonly double[] Reference =
    [
        0.001, 0.0009890738003669028, 0.0009567727288213003, 0.0009045084971874737, 0.0008345653031794292, 0.00075,
        0.0006545084971874737, 0.0005522642316338268, 0.0004477357683661734, 0.0003454915028125264, 0.0002500000000000001,
        0.00016543469682057103, 9.549150281252631e-05, 4.322727117869951e-05, 1.0926199633097156e-05,
    ];

    [Fact]
    public void Cosine_annealing_follows_the_reference()
    {
        var schedule = SchedulerRegistry.Create(Config(0.001, []), 15, _ => Assert.Fail("nothing to warn about"));
        for (int epoch = 0; epoch < Reference.Length; epoch++)
            Assert.Equal(Reference[epoch], schedule.At(epoch, step: 1000 * epoch), 1e-16);
    }

    [Fact]
    public void Cosine_annealing_ends_at_eta_min()
    {
        var schedule = SchedulerRegistry.Create(Config(0.001, new() { ["eta_min"] = 1e-4 }), 10, _ => { });
        Assert.Equal(0.001, schedule.At(0, 0), 1e-16);
        Assert.Equal(5.5e-4, schedule.At(5, 0), 1e-16);
        Assert.Equal(1e-4, schedule.At(10, 0), 1e-16);
    }

    [Fact]
    public void Parameters_of_the_cyclic_schedule_are_reported_and_change_nothing()
    {
        var warnings = new List<string>();
        var schedule = SchedulerRegistry.Create(Config(0.001, new() { ["base_lr"] = 1e-5, ["max_lr"] = 1e-2 }), 15, warnings.Add);
        Assert.Equal(Reference[7], schedule.At(7, 0), 1e-16);
        Assert.Contains("base_lr and max_lr", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CosineAnnealingWarmRestarts")]
    [InlineData("CyclicLR")]
    public void Schedules_that_come_later_are_known_and_refused(string name)
    {
        Assert.False(Assert.Single(SchedulerRegistry.Specs, s => s.Name == name).Supported);
        var config = new SchedulerConfig { LrScheduler = new(name) };
        Assert.Equal("SchedulerNotSupported", Assert.Throws<SegException>(() => SchedulerRegistry.Create(config, 3, _ => { })).ErrorId);
    }

    private static SchedulerConfig Config(double rate, Dictionary<string, object?> parameters) =>
        new() { InitialLr = rate, LrScheduler = new("CosineAnnealingLR", parameters) };
}
