using System.Management.Automation;
using MedSeg.Cmdlets.Tests.Support;
using Xunit;

namespace MedSeg.Cmdlets.Tests.House;

/// <summary>The staged module: what lies in it, what an import loads, and that it stands alone.</summary>
public sealed class ModuleTests
{
    private static readonly string Platform = OperatingSystem.IsWindows() ? "win-x64" : "linux-x64";

    private static string Engine => Path.Combine(Repository.Module, "engine", Platform);

    [Theory]
    [InlineData("MedSeg.psd1")]
    [InlineData("MedSeg.PowerShell.dll")]
    [InlineData("MedSeg.Abstractions.dll")]
    [InlineData("MedSeg.Format.ps1xml")]
    [InlineData("en-US/MedSeg.PowerShell.dll-Help.xml")]
    [InlineData("LICENSE")]
    [InlineData("THIRD-PARTY-NOTICES.md")]
    public void Has(string file) => Assert.True(File.Exists(Path.Combine(Repository.Module, file)), file);

    [Fact]
    public void The_engine_brings_its_dependency_list_and_what_it_is_made_of()
    {
        Assert.True(File.Exists(Path.Combine(Engine, "MedSeg.Engine.deps.json")));
        using var manifest = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(Engine, "medseg.runtime.json")));
        Assert.Equal(Platform, manifest.RootElement.GetProperty("runtime").GetString());
        string[] natives = [.. manifest.RootElement.GetProperty("natives").EnumerateArray().Select(n => n.GetString()!)];
        Assert.True(natives.Length > 4);
        Assert.All(natives, name => Assert.True(File.Exists(Path.Combine(Engine, name)), name));
    }

    [Fact]
    public void Nothing_is_there_that_does_not_belong()
    {
        string[] files = [.. Directory.GetFiles(Repository.Module, "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f))];

        Assert.DoesNotContain("System.Management.Automation.dll", files);
        Assert.DoesNotContain(files, f => f.Contains("torch_python", StringComparison.Ordinal) || f.EndsWith(".pdb", StringComparison.Ordinal));
        Assert.Single(files, "MedSeg.Abstractions.dll");
        if (!OperatingSystem.IsWindows())
            Assert.DoesNotContain(Directory.GetFiles(Engine), f => Path.GetFileName(f) == "onnxruntime.dll");
    }

    [Fact]
    public void The_manifest_names_every_cmdlet()
    {
        using BareShell shell = BareShell.WithModule();
        IReadOnlyList<PSObject> exported = shell.Run("(Get-Module MedSeg).ExportedCmdlets.Keys");
        using BareShell other = new();
        IReadOnlyList<PSObject> commands = other.Run(
            "(Import-Module $args[0] -PassThru).ExportedCmdlets.Keys", Path.Combine(Repository.Module, "MedSeg.PowerShell.dll"));

        Assert.Equal(commands.Select(c => c.ToString()).Order(), exported.Select(c => c.ToString()).Order());
    }

    [Fact]
    public async Task An_import_does_not_load_the_engine()
    {
        ChildResult result = await Child.Run(["-Command", """
            function engine { @([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -match '^(MedSeg.Engine|TorchSharp|Microsoft.ML.OnnxRuntime)$' }).Count }
            engine
            $null = Get-SegDevice
            (engine) -gt 0
            """]);

        Assert.Equal(["0", "True"], result.Lines);
    }

    [Fact]
    public async Task It_works_without_a_package_cache()
    {
        ChildResult result = await Child.Run(
            ["-Command", "(Get-SegDevice).Name -contains 'cpu'; [string]::Join(' ', (Get-Item (Join-Path (Split-Path (Get-Module MedSeg).Path) engine)).Name)"],
            new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(Path.GetTempPath(), "no-such-folder"), ["HOME"] = Path.GetTempPath() });

        Assert.Equal("", result.Error);
        Assert.Equal(["True", "engine"], result.Lines);
    }

    [Fact]
    public async Task Another_modules_version_of_a_package_does_no_harm()
    {
        using var foreign = new ForeignAssembly("YamlDotNet", new Version(1, 2, 3, 4));

        ChildResult result = await Child.Run(["-Command", $$"""
            $null = [Reflection.Assembly]::LoadFrom('{{foreign.Path}}')
            $null = Get-SegDevice
            $engine = [Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -eq 'MedSeg.Engine'
            $own = $engine.LoadFromAssemblyName('YamlDotNet')
            $own.GetName().Version.Major -gt 1
            $own.Location.Contains('engine')
            """]);

        Assert.Equal(["True", "True"], result.Lines);
    }

    [Fact]
    public async Task Import_and_removal_repeat()
    {
        ChildResult result = await Child.Run(["-Command", """
            $path = (Get-Module MedSeg).Path
            Remove-Module MedSeg
            Import-Module $path
            Import-Module $path -Force
            (Get-SegDevice)[0].Name
            """]);

        Assert.Equal(["cpu"], result.Lines);
    }

    [Fact]
    public async Task A_module_without_an_engine_for_the_platform_says_so()
    {
        string folder = Directory.CreateTempSubdirectory("medseg-").FullName;
        try
        {
            foreach (string file in Directory.GetFiles(Repository.Module))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));

            ChildResult result = await Child.Run(
                ["-Command", "Get-SegDevice -ErrorVariable e -ErrorAction SilentlyContinue; $e[0].FullyQualifiedErrorId; $e[0].ErrorDetails.RecommendedAction"],
                new Dictionary<string, string> { ["MEDSEG_MODULE"] = folder });

            Assert.StartsWith("EngineMissing,", result.Lines[0], StringComparison.Ordinal);
            Assert.Contains(Platform, result.Lines[1], StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
