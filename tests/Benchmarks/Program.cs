using BenchmarkDotNet.Running;
using MedSeg.Benchmarks.Ratios;

// ratios [--filter nifti|epoch|…]: the end-to-end ratios as JSON lines; anything else goes to BenchmarkDotNet.
if (args is ["ratios", ..])
    return RatioHarness.Run(args[1..], Console.Out, Console.Error);
BenchmarkSwitcher.FromAssembly(typeof(RatioHarness).Assembly).Run(args);
return 0;
