using MedSeg.Engine.Imaging;
using MedSeg.Engine.Packaging;

namespace MedSeg.Engine.Inference.Ensembles;

/// <summary>
/// The runners of a model: its own, or those of an ensemble's members, whose probabilities are averaged on the grid of the image. The
/// sum is made in the members' order and in double precision, so that equal members give exactly what one of them gives.
/// </summary>
internal sealed class MemberRunners : IDisposable
{
    private readonly List<(ModelRunner Runner, SliceClassifier? Classifier)> _members = [];

    /// <param name="request">Its model and how slices are cut.</param>
    /// <param name="warn">Told about what has no effect, and about classifiers of slices that are missing.</param>
    public MemberRunners(PredictionRequest request, Action<string> warn)
    {
        try
        {
            foreach (var model in request.Model.Members.Count > 0 ? request.Model.Members : [request.Model])
                Add(request with { Model = model }, warn);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>K.</summary>
    public int Classes => _members[0].Runner.Classes;

    /// <summary>Predicts one input with every member.</summary>
    /// <returns>Probabilities with K channels on the grid of the first channel.</returns>
    public Volume Predict(InputStacks input, Action<int, int> progress, CancellationToken ct)
    {
        if (_members is [var (only, _)])
            return only.Predict(input, progress, ct);
        double[]? sum = null;
        VolumeGeometry? geometry = null;
        for (var m = 0; m < _members.Count; m++)
        {
            var before = m;
            var volume = _members[m].Runner.Predict(input, (done, all) => progress((before * all) + done, _members.Count * all), ct);
            sum ??= new double[volume.Voxels.Length];
            geometry ??= volume.Geometry;
            for (var i = 0; i < sum.Length; i++)
                sum[i] += volume.Voxels[i];
        }

        var mean = new float[sum!.Length];
        for (var i = 0; i < mean.Length; i++)
            mean[i] = (float)(sum[i] / _members.Count);
        return new Volume(mean, geometry!, Classes);
    }

    public void Dispose()
    {
        foreach (var (runner, classifier) in _members)
        {
            runner.Dispose();
            classifier?.Dispose();
        }
    }

    private void Add(PredictionRequest request, Action<string> warn)
    {
        var classifier = SliceClassifier.OfModel(request.Model, warn);
        try
        {
            _members.Add((new ModelRunner(request.Model, request.Device, PatchChoice.Of(request, _ => { }), classifier, warn), classifier));
        }
        catch
        {
            classifier?.Dispose();
            throw;
        }
    }
}
