using System.Management.Automation;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Datasets;

/// <summary>Lists the files of a dataset with all that its names, tables and sidecars say about them.</summary>
/// <remarks>
/// One object per image with its path, the parts of its name (subject, session, sample, acquisition, run, suffix, contrast …), the
/// columns of participants.tsv, samples.tsv, sessions.tsv and scans.tsv, and its inherited metadata; below it one object per label
/// with the label's file, its image and its target suffix. All objects have the same properties, so that Export-Csv, Group-Object and
/// Where-Object take them as they are. Columns without a value are left out; lists of sidecars are JSON text. docs/data.md has the
/// rules for columns of equal names.
/// </remarks>
/// <example>
/// <para>Write the table of a dataset to a file.</para>
/// <code>Import-BidsDataset ./data | Get-BidsTable | Export-Csv table.csv</code>
/// </example>
/// <example>
/// <para>Count the images of each manufacturer and field strength.</para>
/// <code>Import-BidsDataset ./data | Get-BidsTable -NoLabel | Group-Object Manufacturer, MagneticFieldStrength -NoElement</code>
/// </example>
/// <example>
/// <para>See which images the split can use by a column of sessions.tsv.</para>
/// <code>Import-BidsDataset ./data | Get-BidsTable -Labelled -NoLabel | Format-Table filename, session, acq_time</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "BidsTable")]
[OutputType(typeof(PSObject))]
public sealed class GetBidsTableCommand : SegCmdlet
{
    private const string RowType = "MedSeg.BidsTableRow";

    /// <summary>A dataset from Import-BidsDataset.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public BidsDataset Dataset { get; set; } = null!;

    /// <summary>Leave out images that have no label, as training does.</summary>
    [Parameter]
    public SwitchParameter Labelled { get; set; }

    /// <summary>List images only, without their label files.</summary>
    [Parameter]
    public SwitchParameter NoLabel { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool labelled = Labelled, labels = !NoLabel;
        BidsTable table = Run((_, _) => SegEngine.TabulateDataset(Dataset, labelled, labels), Dataset.Name);
        foreach (IReadOnlyList<object?> cells in table.Rows)
        {
            var row = new PSObject();
            row.TypeNames.Insert(0, RowType);
            for (int i = 0; i < cells.Count; i++)
                row.Properties.Add(new PSNoteProperty(table.Columns[i], cells[i]), preValidated: true);
            WriteObject(row);
        }
    }
}
