using System.Management.Automation;
using MedSeg.Cmdlets.Datasets;
using MedSeg.Engine;

namespace MedSeg.Cmdlets;

/// <content>What several cmdlets take: a configuration as object or file, and the dataset that it names.</content>
public abstract partial class SegCmdlet
{
    /// <summary>A SegConfig as it is, or read from the file that a path or a file object names. Anything else ends the cmdlet.</summary>
    protected SegConfig ReadConfig(PSObject config)
    {
        ArgumentNullException.ThrowIfNull(config);
        switch (config.BaseObject)
        {
            case SegConfig given:
                return given;
            case string path:
                return ReadConfigFile(ResolvePath(path));
            case FileInfo file:
                return ReadConfigFile(file.FullName);
            default:
                Throw(
                    new SegException(
                        "NotAConfig", SegErrorKind.InvalidArgument, $"A {config.BaseObject.GetType().Name} is not a configuration.",
                        "Give -Config a SegConfig from New-SegConfig or Import-SegConfig, or the path of a file."),
                    config.BaseObject);
                return null!;
        }
    }

    /// <summary>The datasets that <c>loader_parameters.path_data</c> names, for want of one from the pipeline.</summary>
    protected BidsDataset ImportDataset(SegConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        string[] data = [.. config.LoaderParameters.PathData.Select(ResolveOutputPath)];
        if (data.Length == 0 || !data.All(Directory.Exists))
        {
            string named = string.Join("', '", config.LoaderParameters.PathData);
            Throw(new SegException(
                "NoDataset", SegErrorKind.NotFound,
                $"There is no dataset: none came down the pipeline, and loader_parameters.path_data ('{named}') is not a folder here.",
                $"Pipe one in: Import-BidsDataset ./data | {MyInvocation.MyCommand.Name} …", "Dataset"));
        }

        string location = ResolveOutputPath(".");
        BidsDataset dataset = Run(
            (observer, token) => SegEngine.ImportDataset(SegEngine.DatasetRequestOf(config, data, location), observer, token), string.Join(", ", data));
        WarnOfFindings(dataset);
        return dataset;
    }

    /// <summary>Shows what an import has found and the user should know.</summary>
    protected void WarnOfFindings(BidsDataset dataset)
    {
        foreach (string warning in FindingWarnings.Of(dataset))
            WriteWarning(warning);
    }

    private SegConfig ReadConfigFile(string path) => Run((observer, _) => SegEngine.ReadConfig(path, observer), path);
}
