using MedSeg.Engine.Imaging;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training.Mixing;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Training.Mixing;

[Collection(TorchGlobalState.Name)]
public class MixupTests
{
    [SharedFact]
    public void The_reference_mixes_alike()
    {
        GoldenCase golden = Golden.Load("maths_bbox").Of("mixup").Single();
        using var scope = NewDisposeScope();
        var draw = new MixupDraw(
            golden.Parameters.GetProperty("lambda").GetDouble(), [.. golden.Parameters.GetProperty("perm").EnumerateArray().Select(e => e.GetInt32())], 0);
        var (inputs, target) = Mixup.Apply(new NetworkInputs(Of(golden.In("data"))), Of(golden.In("target")), draw);
        Assert.True(inputs.Image.allclose(Of(golden.Out("data_out")), 0, 1e-6));
        Assert.True(target.allclose(Of(golden.Out("target_out")), 0, 1e-6));

        static Tensor Of(NpyArray array) => tensor(array.Floats()).reshape([.. array.Shape.Select(n => (long)n)]);
    }

    [Fact]
    public void Draws_depend_on_seed_epoch_and_batch_alone()
    {
        MixupDraw first = MixupDraw.For(4, 1, 2, 0.4, 6), again = MixupDraw.For(4, 1, 2, 0.4, 6);
        Assert.Equal((first.Share, first.Shown), (again.Share, again.Shown));
        Assert.Equal(first.Partners, again.Partners);
        Assert.Equal(4, new[] { first, MixupDraw.For(5, 1, 2, 0.4, 6), MixupDraw.For(4, 2, 2, 0.4, 6), MixupDraw.For(4, 1, 3, 0.4, 6) }.DistinctBy(d => d.Share).Count());
        for (int batch = 0; batch < 200; batch++)
        {
            MixupDraw draw = MixupDraw.For(4, 1, batch, 0.4, 6);
            Assert.InRange(draw.Share, 0.5, 1);
            Assert.Equal(Enumerable.Range(0, 6), draw.Partners.Order());
        }
    }

    [Theory]
    [InlineData(3, 1, 4, 4)]
    [InlineData(3, 2, 4, 4, 3)]
    [InlineData(3, 2)]
    public void Any_number_of_axes_is_mixed(params int[] shape)
    {
        using var scope = NewDisposeScope();
        long[] sizes = [.. shape.Select(n => (long)n)];
        Tensor image = rand(3, 1, 4, 4), target = rand(sizes);
        var (_, mixed) = Mixup.Apply(new NetworkInputs(image), target, new MixupDraw(0.75, [1, 2, 0], 0));
        Assert.Equal(sizes, mixed.shape);
        for (int i = 0; i < 3; i++)
            Assert.True(mixed[i].allclose((target[i] * 0.75) + (target[(i + 1) % 3] * 0.25), 0, 1e-6));
    }

    [Fact]
    public void What_goes_beside_an_image_stays_that_of_the_sample_with_the_larger_share()
    {
        using var scope = NewDisposeScope();
        Tensor image = rand(2, 2, 4, 4), metadata = rand(2, 5), available = tensor(new float[] { 1, 1, 1, 0 }).reshape(2, 2);
        image[1, 1].zero_();
        var (mixed, _) = Mixup.Apply(new NetworkInputs(image, metadata, available), rand(2, 1, 4, 4), new MixupDraw(0.6, [1, 0], 0));
        Assert.Same(metadata, mixed.Metadata);
        Assert.Same(available, mixed.Available);
        Assert.True(mixed.Image[0, 0].allclose((image[0, 0] * 0.6) + (image[1, 0] * 0.4), 0, 1e-6));
        Assert.True(mixed.Image[0, 1].equal(image[0, 1]).all().item<bool>(), "a contrast that the partner lacks was mixed");
        Assert.True(mixed.Image[1, 1].equal(image[1, 1]).all().item<bool>(), "a contrast that is missing was filled");
    }

    [Fact]
    public void A_session_trains_on_what_was_mixed()
    {
        using SessionFixture plain = new(), mixed = new(mixup: new Mixup(5, 5)), nearlyPlain = new(mixup: new Mixup(1e-300, 5));
        double Loss(SessionFixture fixture) => fixture.Session.RunEpoch(default).TrainingLoss;
        double loss = Loss(plain);
        Assert.NotEqual(loss, Loss(mixed));
        Assert.Equal(loss, Loss(nearlyPlain), 1e-6);
    }

    [Fact]
    public void Debugging_shows_a_sample_of_each_batch_of_the_first_epoch()
    {
        using var folder = new TemporaryFolder();
        var config = new SegConfig { Debugging = true, TrainingParameters = { MixupAlpha = 2 } };
        using var fixture = new SessionFixture(mixup: Mixup.Of(config, 5, folder.File("mixup")));
        fixture.Run();
        string[] files = Directory.GetFiles(folder.File("mixup"));
        Assert.Equal(SessionFixture.Batches, files.Length);
        Assert.All(files, file => Assert.Matches(@"^0\.\d{6}_00\d\.png$", Path.GetFileName(file)));
        Assert.Null(Mixup.Of(new SegConfig { Debugging = true }, 5, folder.Path));
        GrayImage picture = PngDecoder.Read(files[0], default);
        Assert.Equal((16, 32), (picture.Height, picture.Width));
    }

    [Fact]
    public void Volumes_show_their_middle_slice()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        new MixupPictures(folder.File("mixup")).Show(new MixedBatch(new MixupDraw(0.5, [0], 0), 1, rand([1, 1, 4, 6, 3]), rand([1, 2, 4, 6, 3])));
        Assert.Equal("0.500000_000.png", Path.GetFileName(Assert.Single(Directory.GetFiles(folder.File("mixup")))));
    }
}
