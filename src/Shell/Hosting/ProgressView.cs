using System.Globalization;
using System.Management.Automation;
using Spectre.Console;

namespace MedSeg.Shell.Hosting;

/// <summary>Progress bars at the bottom of the terminal. They go away before any text is written and come back with the next record.</summary>
internal sealed class ProgressView
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, ProgressRecord> _records = [];
    private readonly Dictionary<int, ProgressTask> _tasks = [];
    private TaskCompletionSource? _end;
    private Task? _display;
    private ProgressContext? _context;

    /// <summary>Shows or removes one bar.</summary>
    public void Show(ProgressRecord record)
    {
        lock (_lock)
        {
            if (record.RecordType == ProgressRecordType.Completed)
            {
                if (_records.Remove(record.ActivityId) && _records.Count == 0)
                    End();
                else if (_tasks.Remove(record.ActivityId, out ProgressTask? done))
                    done.StopTask();
                return;
            }

            _records[record.ActivityId] = record;
            Start();
            Update(record);
        }
    }

    /// <summary>Takes the bars away; what they showed is kept for the next record.</summary>
    public void Hide()
    {
        lock (_lock)
            End();
    }

    private void Start()
    {
        if (_display is not null)
            return;
        var started = new TaskCompletionSource<ProgressContext>(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _display = AnsiConsole.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn())
            .StartAsync(context =>
            {
                started.SetResult(context);
                return end.Task;
            });
        _context = started.Task.GetAwaiter().GetResult();
        _end = end;
        foreach (ProgressRecord record in _records.Values)
            Update(record);
    }

    private void Update(ProgressRecord record)
    {
        string description = Markup.Escape(DescriptionOf(record));
        if (!_tasks.TryGetValue(record.ActivityId, out ProgressTask? task))
            _tasks[record.ActivityId] = task = _context!.AddTask(description, autoStart: true, maxValue: 100);
        task.Description = description;
        task.IsIndeterminate = record.PercentComplete < 0;
        task.Value = Math.Clamp(record.PercentComplete, 0, 99.9);
    }

    private static string DescriptionOf(ProgressRecord record)
    {
        string left = record.SecondsRemaining >= 0
            ? TimeSpan.FromSeconds(record.SecondsRemaining).ToString(@"', 'h\:mm\:ss' left'", CultureInfo.InvariantCulture)
            : "";
        return $"{record.Activity}: {record.StatusDescription.Trim()}{left}";
    }

    private void End()
    {
        if (_display is null)
            return;
        _end!.SetResult();
        _display.GetAwaiter().GetResult();
        _display = null;
        _context = null;
        _tasks.Clear();
    }
}
