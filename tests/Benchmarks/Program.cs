using BenchmarkDotNet.Running;
using MedSeg.Benchmarks.Curves;
using MedSeg.Benchmarks.Ratios;
using MedSeg.Benchmarks.Soak;
using MedSeg.Benchmarks.Steps;
using MedSeg.Benchmarks.TransformTable;

// ratios [--filter nifti|epoch|…]: the end-to-end ratios as JSON lines. soak [kills] [seed]: trainings killed and continued.
// fuzz [minutes] [seed]: damaged files of every format given to their readers. transforms [--filter TEXT]: every transform beside
// plain loops, as a table. steps [--quick] [--filter NAME]: seconds per training step in several ways, as a table. curves OUT.svg
// TITLE FOLDER...: learning curves of run folders. Anything else goes to BenchmarkDotNet.
if (args is ["ratios", ..])
    return RatioHarness.Run(args[1..], Console.Out, Console.Error);
if (args is ["soak" or "soak-child", ..])
    return KillSoak.Run(args, Console.Out);
if (args is ["fuzz", ..])
    return FuzzSoak.Run(args, Console.Out);
if (args is ["peak-child", _])
    return PeakRatio.RunChild(args, Console.Out);
if (args is ["steps", ..])
    return StepTable.Run(args[1..], Console.Out, Console.Error);
if (args is ["transforms", ..])
    return TransformTable.Run(args[1..], Console.Out, Console.Error);
if (args is ["curves", ..])
    return LearningCurves.Run(args, Console.Error);
BenchmarkSwitcher.FromAssembly(typeof(RatioHarness).Assembly).Run(args);
return 0;
