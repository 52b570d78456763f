using System.Text.Json;
using MedSeg.Engine.Tests.Support;
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

    /// <summary>Figures of the reference for T_0 = 5, T_mult = 2, eta_min = 1e-5 (golden group training, sched.CosineAnnealingWarmRestarts).</summary>
    [Theory]
    [InlineData(0, 0.001)]
    [InlineData(1, 0.000905463412215599)]
    [InlineData(4, 0.00010453658778440107)]
    [InlineData(5, 0.001)]
    [InlineData(6, 0.0009757729755661011)]
    [InlineData(10, 0.000505)]
    [InlineData(14, 3.4227024433899005e-05)]
    [InlineData(15, 0.001)]
    [InlineData(24, 0.0005824350601949143)]
    public void Warm_restarts_follow_the_reference(int epoch, double rate)
    {
        var config = new SchedulerConfig
        {
            InitialLr = 0.001,
            LrScheduler = new("CosineAnnealingWarmRestarts", new Dictionary<string, object?> { ["T_0"] = 5L, ["T_mult"] = 2L, ["eta_min"] = 1e-5 }),
        };
        Assert.Equal(rate, SchedulerRegistry.Create(config, 99, _ => Assert.Fail("nothing to warn about")).At(epoch, 7), 1e-15);
    }

    [Fact]
    public void Periods_of_equal_length_repeat()
    {
        var schedule = new CosineWarmRestarts(0.1, 0, 3, 1);
        for (int epoch = 0; epoch < 12; epoch++) Assert.Equal(schedule.At(epoch % 3, 0), schedule.At(epoch, 0));
    }

    /// <summary>Figures of the reference for base_lr = 1e-4, max_lr = 1e-2, step_size_up = 4 (golden group training, sched.CyclicLR).</summary>
    [Theory]
    [InlineData(0, 0.0001)]
    [InlineData(1, 0.002575)]
    [InlineData(4, 0.01)]
    [InlineData(5, 0.007525000000000001)]
    [InlineData(8, 0.0001)]
    [InlineData(9, 0.0013375000000000001)]
    [InlineData(12, 0.005050000000000001)]
    [InlineData(20, 0.002575)]
    [InlineData(29, 0.0010281250000000002)]
    public void Cyclic_rate_follows_the_reference(int step, double rate)
    {
        var config = new SchedulerConfig
        {
            LrScheduler = new("CyclicLR", new Dictionary<string, object?> { ["base_lr"] = 1e-4, ["max_lr"] = 1e-2, ["step_size_up"] = 4L }),
        };
        Assert.Equal(rate, SchedulerRegistry.Create(config, 99, _ => Assert.Fail("nothing to warn about")).At(3, step), 1e-15);
    }

    [Fact]
    public void Cyclic_rate_may_fall_faster_than_it_rises()
    {
        var schedule = new CyclicRate(0, 1, 4, 2);
        Assert.Equal([0, 0.25, 0.5, 0.75, 1, 0.5, 0, 0.125], Enumerable.Range(0, 8).Select(step => schedule.At(0, step)));
    }

    [SharedTheory]
    [InlineData("CosineAnnealingLR")]
    [InlineData("CosineAnnealingWarmRestarts")]
    [InlineData("CyclicLR")]
    public void Every_step_equals_the_reference(string name)
    {
        GoldenCase golden = Golden.Load("training").Of("get_scheduler").Single(c => c.Name == "sched." + name);
        JsonElement json = golden.Parameters.GetProperty("scheduler");
        var parameters = json.EnumerateObject().Where(p => p.Name != "name").ToDictionary(p => p.Name, p => (object?)p.Value.GetDouble());
        var config = new SchedulerConfig
        {
            InitialLr = golden.Parameters.GetProperty("initial_lr").GetDouble(),
            LrScheduler = new(name, parameters),
        };
        ILearningRateSchedule schedule = SchedulerRegistry.Create(config, golden.Parameters.GetProperty("num_epochs").GetInt32(), _ => { });
        bool perBatch = golden.Json.GetProperty("out").GetProperty("step_per_batch").GetBoolean();
        double[] expected = [.. golden.Json.GetProperty("out").GetProperty("lr_before_each_step").EnumerateArray().Select(v => v.GetDouble())];
        Assert.True(expected.Length >= 15);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], perBatch ? schedule.At(0, i) : schedule.At(i, 1000), 1e-15);
    }

    [Fact]
    public void An_unknown_name_is_an_error()
    {
        var config = new SchedulerConfig { LrScheduler = new("StepLR") };
        Assert.Equal("SchedulerUnknown", Assert.Throws<SegException>(() => SchedulerRegistry.Create(config, 3, _ => { })).ErrorId);
        Assert.All(SchedulerRegistry.Specs, s => Assert.True(s.Supported));
    }

    private static SchedulerConfig Config(double rate, Dictionary<string, object?> parameters) =>
        new() { InitialLr = rate, LrScheduler = new("CosineAnnealingLR", parameters) };
}
