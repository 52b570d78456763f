using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>Walks a module's descendants once each, in order of registration (TorchSharp's own walk repeats some).</summary>
internal static class ModuleTree
{
    /// <summary>Every descendant with its dotted name as in state dictionaries.</summary>
    public static IEnumerable<(string Name, nn.Module Module)> Descendants(nn.Module module)
    {
        foreach (var (name, child) in module.named_children())
        {
            yield return (name, child);
            foreach (var (inner, descendant) in Descendants(child))
                yield return ($"{name}.{inner}", descendant);
        }
    }
}

/// <summary>
/// A part of a network. Children are registered by <see cref="nn.Module.register_module"/> only: TorchSharp would register
/// every field a second time under the field's name.
/// </summary>
internal abstract class NetworkPart(string name) : nn.Module(name)
{
    /// <summary>Registers nothing beyond what the constructor registered.</summary>
    protected sealed override void RegisterComponents()
    {
    }
}
