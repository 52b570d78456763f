using MedSeg.Engine.Data;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Inference.Classification;

/// <summary>A model, or the members of an ensemble whose probabilities are averaged, for one image after the other.</summary>
internal sealed class ImageClassifier : IDisposable
{
    private readonly List<ClassificationRunner> _members = [];
    private readonly PredictionRequest _request;
    private readonly InputLoader _loader;
    private readonly ReferenceSlices _references;
    private readonly ISegObserver _observer;

    /// <exception cref="SegException"><c>ModelDamaged</c>, or an error of the model or device.</exception>
    public ImageClassifier(PredictionRequest request, ISegObserver observer)
    {
        (_request, _observer, _references) = (request, observer, new ReferenceSlices(request.Model, observer.Warning));
        var config = request.Model.Config;
        _loader = new InputLoader(config.LoaderParameters, TransformPipeline.Create(config, DatasetParts.Testing).UsesRoi, observer.Warning);
        try
        {
            foreach (var model in request.Model.Members.Count > 0 ? request.Model.Members : [request.Model])
                _members.Add(new ClassificationRunner(request with { Model = model }, observer.Warning));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The slices of an image; none, after one error to the observer, where it cannot be read or classified.</summary>
    public IReadOnlyList<SegClassification> TryRun(PredictionPaths paths, Action<int, int> progress, CancellationToken ct)
    {
        try
        {
            var input = _loader.Read(paths.Input, ct);
            var probabilities = Mean(input, progress, ct);
            var references = _references.Of(paths.Input, input.Channels[0], ct);
            return [.. Enumerable.Range(0, input.Channels[0].Count).Select(slice => Result(paths, slice, probabilities, references))];
        }
        catch (Exception error) when (ImageFailure.Is(error))
        {
            _observer.Error(ImageFailure.Of(error, paths.Input.Path));
            return [];
        }
    }

    public void Dispose() => _members.ForEach(member => member.Dispose());

    /// <summary>The sum is made in the members' order and in double precision.</summary>
    private double[] Mean(InputStacks input, Action<int, int> progress, CancellationToken ct)
    {
        var sum = new double[input.Channels[0].Count * _request.Model.Classes.Count];
        for (var m = 0; m < _members.Count; m++)
        {
            var before = m;
            var answers = _members[m].Run(input, (done, all) => progress((before * all) + done, _members.Count * all), ct);
            for (var i = 0; i < sum.Length; i++)
                sum[i] += answers[i];
        }

        return Array.ConvertAll(sum, value => value / _members.Count);
    }

    private SegClassification Result(PredictionPaths paths, int slice, double[] probabilities, bool[]?[] references)
    {
        var model = _request.Model;
        var threshold = _request.Threshold ?? model.Threshold;
        return new SegClassification
        {
            ImagePath = paths.Input.Path,
            ChannelPaths = [.. paths.Input.Channels.Select(channel => channel.Path)],
            ImageId = paths.Stem,
            Slice = slice,
            Subject = paths.Subject,
            Contrast = paths.Contrast,
            ModelName = model.Name,
            ModelPath = model.Path,
            Threshold = threshold,
            Classes = [.. model.Classes.Select((name, k) => Of(name, k))],
            OutputPath = ClassificationTable.PathIn(_request.OutputPath, model),
        };

        SegClassProbability Of(string name, int k)
        {
            var probability = probabilities[(slice * model.Classes.Count) + k];
            return new(name, model.Config.LoaderParameters.TargetSuffix[k], probability, probability >= threshold, references[k]?[slice]);
        }
    }
}
