using BenchmarkDotNet.Running;
using MedSeg.Benchmarks.Ratios;
using MedSeg.Benchmarks.Soak;

// ratios [--filter nifti|epoch|…]: the end-to-end ratios as JSON lines. soak [kills] [seed]: trainings killed and continued.
// fuzz [minutes] [seed]: damaged files of every format given to their readers. Anything else goes to BenchmarkDotNet.
if (args is ["ratios", ..])
    return RatioHarness.Run(args[1..], Console.Out, Console.Error);
if (args is ["soak" or "soak-child", ..])
    return KillSoak.Run(args, Console.Out);
if (args is ["fuzz", ..])
    return FuzzSoak.Run(args, Console.Out);
BenchmarkSwitcher.FromAssembly(typeof(RatioHarness).Assembly).Run(args);
return 0;
