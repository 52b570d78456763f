using System.Management.Automation;

namespace MedSeg.Cmdlets.Configuration;

/// <summary>
/// Takes PowerShell's wrappers off the parameters of components in a configuration that a script has changed:
/// <c>$config.TrainingParameters.Loss.Parameters['gamma'] = Get-Gamma</c> stores a wrapped number, which no file can hold.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PlainConfigAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is SegConfig config)
        {
            foreach (ComponentConfig component in Components(config))
            {
                foreach ((string name, object? value) in component.Parameters.ToArray())
                {
                    component.Parameters[name] = PlainValues.Of(value);
                }
            }
        }

        return inputData;
    }

    private static IEnumerable<ComponentConfig> Components(SegConfig config)
    {
        IEnumerable<ComponentConfig?> all =
        [
            config.TrainingParameters?.Loss, config.TrainingParameters?.Scheduler?.LrScheduler,
            .. config.Transformation ?? [], .. config.Postprocessing ?? [],
        ];
        return all.OfType<ComponentConfig>().Where(component => component.Parameters is not null);
    }
}
