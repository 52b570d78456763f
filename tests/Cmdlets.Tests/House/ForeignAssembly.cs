using System.Reflection;
using System.Reflection.Emit;

namespace MedSeg.Cmdlets.Tests.House;

/// <summary>An assembly with the name of a package that the engine uses, as another module might bring it.</summary>
internal sealed class ForeignAssembly : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medseg-").FullName;

    public ForeignAssembly(string name, Version version)
    {
        Path = System.IO.Path.Combine(_folder, name + ".dll");
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name) { Version = version }, typeof(object).Assembly);
        assembly.DefineDynamicModule(name).DefineType("Foreign", TypeAttributes.Public).CreateType();
        assembly.Save(Path);
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
