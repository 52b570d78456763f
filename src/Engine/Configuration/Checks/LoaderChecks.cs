using static MedSeg.Engine.Configuration.Checks.ConfigFindingCatalog;

namespace MedSeg.Engine.Configuration.Checks;

/// <summary>Region of interest, filters, file formats and labels as fractions.</summary>
internal static class LoaderChecks
{
    private const string Section = "loader_parameters.";
    private static readonly string[] Rasters = [".png", ".tif", ".tiff", ".jpg", ".jpeg"];

    public static IEnumerable<SegFinding> Of(ConfigFacts facts) =>
        [.. Roi(facts), .. Filters(facts), .. Files(facts.Loader), .. SoftLabels(facts)];

    private static IEnumerable<SegFinding> Roi(ConfigFacts facts)
    {
        RoiConfig roi = facts.Loader.RoiParams;
        bool crops = facts.Transform("ROICrop") is not null;
        if (roi.SliceFilterRoi is not null && roi.Suffix is null)
        {
            yield return RoiFilterWithoutRoi.At(
                Section + "roi_params.slice_filter_roi", "there is no region of interest; give roi_params.suffix.");
        }

        if (crops && roi.Suffix is null)
        {
            yield return RoiCropWithoutRoi.At(
                "transformation.ROICrop", "there is no region of interest, so that it crops around the middle of the image.");
        }

        if (!crops && roi.Suffix is not null)
        {
            yield return RoiWithoutCrop.At(Section + "roi_params.suffix", roi.SliceFilterRoi is null
                ? $"'{roi.Suffix}' is given, and without ROICrop nothing uses it."
                : $"'{roi.Suffix}' leaves slices out by slice_filter_roi, and without ROICrop nothing is cropped; the reference toolbox ignores the filter.");
        }
    }

    private static IEnumerable<SegFinding> Filters(ConfigFacts facts)
    {
        SliceFilterConfig slices = facts.Loader.SliceFilterParams;
        if (slices is { FilterClassification: true, ClassifierPath: null })
        {
            yield return ClassifierMissing.At(Section + "slice_filter_params.classifier_path", "filter_classification needs a classifier.");
        }

        if (slices is { FilterClassification: false, ClassifierPath: { } path })
        {
            yield return ClassifierUnused.At(
                Section + "slice_filter_params.classifier_path", $"'{path}' is not used while filter_classification is false.");
        }

        bool filtersPatches = facts.Loader.PatchFilterParams is { FilterEmptyInput: true } or { FilterEmptyMask: true } or { FilterAbsentClass: true };
        if (filtersPatches && facts.Patch.Length.Length == 0)
        {
            yield return PatchFilterWithoutPatch.At(Section + "patch_filter_params", "there are no patches to filter.");
        }

        if (facts.Loader.IsInputDropout && facts.Channels < 2)
        {
            yield return InputDropoutOneChannel.At(Section + "is_input_dropout", "with one channel nothing is dropped.");
        }

        SubjectSelectionConfig rules = facts.Loader.SubjectSelection;
        if (rules.N.Length != rules.Metadata.Length || rules.N.Length != rules.Value.Length)
        {
            yield return SubjectSelectionLengths.At(
                Section + "subject_selection",
                $"n, metadata and value have {rules.N.Length}, {rules.Metadata.Length} and {rules.Value.Length} elements; they must have equally many.");
        }
    }

    private static IEnumerable<SegFinding> Files(LoaderConfig loader)
    {
        if (loader.Extensions.FirstOrDefault(e => !e.StartsWith('.')) is { } extension)
        {
            yield return ExtensionInvalid.At(Section + "extensions", $"'{extension}' has no leading dot; write '.{extension}'.");
        }

        if (loader.SliceAxis != "axial" && loader.Extensions.Length > 0 && loader.Extensions.All(e => Rasters.Contains(e.ToLowerInvariant())))
        {
            yield return RasterAxis.At(
                Section + "slice_axis", $"'{loader.SliceAxis}': images of {Describe.OneOf(loader.Extensions)} have axial slices only.");
        }
    }

    private static IEnumerable<SegFinding> SoftLabels(ConfigFacts facts)
    {
        if (facts.Transform("DilateGT") is not null)
        {
            yield return facts.Loader.SoftGt
                ? SoftLabelsLost.At("transformation.DilateGT", "labels are cut at 0.5 before they grow, so that the fractions of soft_gt are lost.")
                : DilationCut.At(
                    "transformation.DilateGT", "soft_gt is false: the soft rim is cut at 0.5, which leaves a larger hard label.");
        }

        string[] cuts = [.. facts.Config.Postprocessing.Where(PredictionChecks.IsBinarization).Select(s => s.Name)];
        if (facts.Loader.SoftGt && cuts.Length > 0)
        {
            yield return SoftPredictionsCut.At(
                $"postprocessing.{cuts[0]}", "soft_gt trains fractions, and this step makes 0 and 1 of them.");
        }
    }
}
