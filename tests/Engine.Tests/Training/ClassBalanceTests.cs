using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

[Collection(TorchGlobalState.Name)]
public sealed class ClassBalanceTests(PhantomRun phantom) : IClassFixture<PhantomRun>
{
    [Fact]
    public void Weights_are_the_inverse_of_sizes()
    {
        var observer = new RecordingObserver();
        Assert.Equal([0.5, 0.125], ClassBalance.Inverse([2, 8], observer));
        Assert.Empty(observer.Warnings);
        Assert.Equal([0.125, 0.125], ClassBalance.Inverse([0, 8], observer));
        Assert.Equal([1, 1], ClassBalance.Inverse([0, 0], observer));
        Assert.Equal(2, observer.Warnings.Count);
    }

    [Fact]
    public void A_training_takes_weights_and_goes_on_with_them()
    {
        string plain = Hash(_ => { });
        Assert.Equal(plain, Hash(c => c.TrainingParameters.ClassWeights = [2, 2]));
        Assert.NotEqual(plain, Hash(c => c.TrainingParameters.ClassWeights = [1, 2]));
        Assert.Equal(Hash(c => c.TrainingParameters.ClassWeights = [1, 2]), Hash(c => c.TrainingParameters.ClassWeights = [2, 4]));

        SegConfig balanced = PhantomRun.Config(c => c.TrainingParameters.BalanceClasses = true);
        string straight = phantom.Train(phantom.NewFolder(), config: balanced).Sha256, folder = phantom.NewFolder();
        Assert.NotEqual(plain, straight);
        Assert.Equal(straight, phantom.Train(phantom.NewFolder(), config: balanced, workers: 3).Sha256);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => phantom.Train(folder, config: balanced, ct: stop.Token, batchDone: _ => stop.Cancel()));
        Assert.Equal(straight, phantom.Train(folder, resume: true, config: balanced).Sha256);
    }

    [Fact]
    public void Contradictions_are_refused()
    {
        Assert.Contains("3 numbers for 2 classes", Refused(c => c.TrainingParameters.ClassWeights = [1, 2, 3]).Message, StringComparison.Ordinal);
        Assert.Contains("balance_classes sets weights of classes too", Refused(c =>
        {
            c.TrainingParameters.ClassWeights = [1, 2];
            c.TrainingParameters.BalanceClasses = true;
        }).Message, StringComparison.Ordinal);
        Assert.Equal("ClassWeightsInvalid", Refused(c => c.TrainingParameters.ClassWeights = [0, 0]).ErrorId);
    }

    private SegException Refused(Action<SegConfig> change) => Assert.Throws<SegException>(() => Hash(change));

    private string Hash(Action<SegConfig> change) => phantom.Train(phantom.NewFolder(), config: PhantomRun.Config(change)).Sha256;
}
