using System.Globalization;

namespace MedSeg.Engine.Training.Series;

/// <summary>
/// Puts a bar over those of each training that says which one of the series it is, and passes on each warning once: most are about
/// the configuration or the images and would come with every training.
/// </summary>
internal sealed class SeriesObserver(ISegObserver inner, string name, SeriesPlan plan) : ISegObserver
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _warnings = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<SeriesMember> _members = plan.Members;
    private int _current;

    private string Activity => string.Create(CultureInfo.InvariantCulture, $"Training {name}, {_members.Count} models");

    /// <summary>The training that begins, from 0.</summary>
    public void Start(int index)
    {
        _current = index;
        Show(0);
    }

    /// <summary>Where the series stands: "fold 2 of 5, seed 7 (2 of 3)".</summary>
    public string Where(int index)
    {
        SeriesMember member = _members[index];
        string fold = member.Fold is { } number ? string.Create(CultureInfo.InvariantCulture, $"fold {number} of {plan.Folds}") : "";
        string seed = plan.Seeds.Count == 1 ? ""
            : string.Create(CultureInfo.InvariantCulture, $"seed {member.Seed} ({plan.Seeds.ToList().IndexOf(member.Seed) + 1} of {plan.Seeds.Count})");
        return string.Join(", ", ((string[])[fold, seed]).Where(part => part.Length > 0));
    }

    public void Progress(SegProgress progress)
    {
        if (progress is { Id: 0, Completed: false, Percent: >= 0 }) Show(progress.Percent);
        inner.Progress(progress with { Id = progress.Id + 1 });
    }

    public void Verbose(string message) => inner.Verbose($"{_members[_current].Folder}: {message}");

    public void Warning(string message)
    {
        lock (_lock)
        {
            if (!_warnings.Add(message)) return;
        }

        inner.Warning(message);
    }

    public void Error(SegException error) => inner.Error(error);

    public void Done() => inner.Progress(new SegProgress(0, Activity, "Done", 100, 0, Completed: true));

    private void Show(int percent) =>
        inner.Progress(new SegProgress(0, Activity, Where(_current), (int)(((100L * _current) + percent) / _members.Count)));
}
