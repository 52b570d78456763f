using System.Reflection;
using static MedSeg.FindingSeverity;

namespace MedSeg.Engine.Configuration.Checks;

/// <summary>
/// Every finding about a configuration. docs/findings.md has one section for each, and a test holds the two together. What reading a
/// file can report (<c>ConfigUnknownKey</c> …) keeps its id, which docs/configuration.md explains.
/// </summary>
public static class ConfigFindingCatalog
{
    // The file.
    public static readonly ConfigFindingKind OldName = new(
        "OldName", Information, "Write the new name; Import-SegConfig | Export-SegConfig converts the file.");
    public static readonly ConfigFindingKind NotSupportedYet = new("NotSupportedYet", Error, "Change or remove the key.");
    public static readonly ConfigFindingKind KeyWithoutEffect = new(
        "KeyWithoutEffect", Information, "Nothing; the key is kept for other programs.");

    // Labels and contrasts.
    public static readonly ConfigFindingKind TargetMissing = new(
        "TargetMissing", Error, "Name the label suffix of each class in target_suffix, for example _seg-manual.");
    public static readonly ConfigFindingKind TargetInvalid = new(
        "TargetInvalid", Error, "Give each class its own suffix of letters, digits, '_', '-' and '+'.");
    public static readonly ConfigFindingKind RatersUneven = new(
        "RatersUneven", Error, "Name equally many raters for every class: one rater is drawn for all classes.");
    public static readonly ConfigFindingKind RatersOutsideTraining = new(
        "RatersOutsideTraining", Warning, "Name one suffix per class where a model is tested.");
    public static readonly ConfigFindingKind MultichannelBalance = new(
        "MultichannelBalance", Error, "Remove balance, or set multichannel to false.");
    public static readonly ConfigFindingKind MultichannelContrasts = new(
        "MultichannelContrasts", Error, "Name the contrasts of training in the order of the channels.");
    public static readonly ConfigFindingKind MultichannelOneContrast = new(
        "MultichannelOneContrast", Warning, "Add a contrast, or set multichannel to false.");
    public static readonly ConfigFindingKind MultichannelTesting = new(
        "MultichannelTesting", Warning, "Name the same contrasts for testing, in the same order.");
    public static readonly ConfigFindingKind TargetContrastUnknown = new(
        "TargetContrastUnknown", Error, "Name one of the contrasts of training.");
    public static readonly ConfigFindingKind BalanceContrastUnknown = new(
        "BalanceContrastUnknown", Warning, "Name contrasts as contrast_params does.");
    public static readonly ConfigFindingKind TestContrastUntrained = new(
        "TestContrastUntrained", Information, "Expect lower figures, or train on the contrast too.");

    // Images and slices.
    public static readonly ConfigFindingKind RoiFilterWithoutRoi = new(
        "RoiFilterWithoutRoi", Error, "Give roi_params.suffix, or set slice_filter_roi to null.");
    public static readonly ConfigFindingKind RoiCropWithoutRoi = new(
        "RoiCropWithoutRoi", Warning, "Give roi_params.suffix, or use CenterCrop.");
    public static readonly ConfigFindingKind RoiWithoutCrop = new(
        "RoiWithoutCrop", Warning, "Add ROICrop to transformation, or set roi_params.suffix to null.");
    public static readonly ConfigFindingKind ClassifierMissing = new(
        "ClassifierMissing", Error, "Give classifier_path, or set filter_classification to false.");
    public static readonly ConfigFindingKind ClassifierUnused = new(
        "ClassifierUnused", Warning, "Set filter_classification to true, or remove classifier_path.");
    public static readonly ConfigFindingKind ExtensionInvalid = new(
        "ExtensionInvalid", Error, "Write extensions with their dot, for example .nii.gz.");
    public static readonly ConfigFindingKind RasterAxis = new("RasterAxis", Error, "Set slice_axis to axial.");
    public static readonly ConfigFindingKind InputDropoutOneChannel = new(
        "InputDropoutOneChannel", Warning, "Set is_input_dropout to false, or train on several channels.");
    public static readonly ConfigFindingKind PatchFilterWithoutPatch = new(
        "PatchFilterWithoutPatch", Warning, "Give the size of patches, or use slice_filter_params.");
    public static readonly ConfigFindingKind SubjectSelectionLengths = new(
        "SubjectSelectionLengths", Error, "Give n, metadata and value equally many elements.");
    public static readonly ConfigFindingKind DilationCut = new("DilationCut", Warning, "Set soft_gt to true to keep the soft rim.");
    public static readonly ConfigFindingKind SoftLabelsLost = new("SoftLabelsLost", Warning, "Remove DilateGT where labels are soft.");
    public static readonly ConfigFindingKind SoftPredictionsCut = new(
        "SoftPredictionsCut", Information, "Remove the step, or set its thr to -1, to keep fractions.");

    // Split.
    public static readonly ConfigFindingKind SplitFractions = new(
        "SplitFractions", Error, "train_fraction must be above 0 and both together at most 1.");
    public static readonly ConfigFindingKind NoTestSet = new(
        "NoTestSet", Information, "Raise test_fraction to measure the model on participants it has not seen.");
    public static readonly ConfigFindingKind NoValidationSet = new(
        "NoValidationSet", Information, "Lower train_fraction or test_fraction; without validation training runs for all epochs.");

    // Network.
    public static readonly ConfigFindingKind SeveralNetworks = new("SeveralNetworks", Error, "Set applied to true in one section only.");
    public static readonly ConfigFindingKind SoftmaxOneClass = new("SoftmaxOneClass", Error, "Use sigmoid.");
    public static readonly ConfigFindingKind PatchStride = new(
        "PatchStride", Error, "Give a length and a stride for each axis, the stride at most the length.");
    public static readonly ConfigFindingKind PatchLengthOf16 = new("PatchLengthOf16", Error, "Make every length a multiple of 16.");
    public static readonly ConfigFindingKind PatchOfOtherDimension = new("PatchOfOtherDimension", Warning, "Give length_3D and stride_3D.");
    public static readonly ConfigFindingKind PatchLargerThanCrop = new(
        "PatchLargerThanCrop", Error, "Make the patches smaller or the crop larger.");
    public static readonly ConfigFindingKind NetworkTooDeep = new(
        "NetworkTooDeep", Error, "Enlarge the crop or the patches, or lower depth.");
    public static readonly ConfigFindingKind FilmLayersLength = new(
        "FilmLayersLength", Error, "Give one flag per layer: 2·depth + 2 of a Unet, 10 of Modified3DUNet.");
    public static readonly ConfigFindingKind FilmMetadataMissing = new(
        "FilmMetadataMissing", Error, "Set FiLMedUnet.metadata to contrasts, mri_params or a column.");
    public static readonly ConfigFindingKind FilmWithoutLayer = new(
        "FilmWithoutLayer", Warning, "Set at least one flag of film_layers to 1.");
    public static readonly ConfigFindingKind HemisContrasts = new(
        "HemisContrasts", Error, "Name the contrasts of training in HeMISUnet.contrasts, or leave it empty.");
    public static readonly ConfigFindingKind HemisMultichannel = new(
        "HemisMultichannel", Error, "Set multichannel to true; its channels are the contrasts of training_validation.");
    public static readonly ConfigFindingKind HemisHidesNothing = new(
        "HemisHidesNothing", Warning, "Set missing_probability to a small number, for example 0.00001, with missing_probability_growth 0.9.");
    public static readonly ConfigFindingKind HemisInputDropout = new(
        "HemisInputDropout", Warning, "Set is_input_dropout to false; missing_probability hides contrasts.");
    public static readonly ConfigFindingKind NetworkIs2D = new(
        "NetworkIs2D", Error, "Set is_2d to true, or use Modified3DUNet or a Unet for volumes.");
    public static readonly ConfigFindingKind ClassifierSeesNoAbsence = new(
        "ClassifierSeesNoAbsence", Warning, "Set filter_empty_mask to false.");

    // Transforms.
    public static readonly ConfigFindingKind ComponentTwice = new("ComponentTwice", Error, "Name it once.");
    public static readonly ConfigFindingKind SpatialNotOnLabel = new("SpatialNotOnLabel", Error, "Apply the transform to both im and gt.");
    public static readonly ConfigFindingKind IntensityOnLabel = new("IntensityOnLabel", Warning, "Set applied_to to [im].");
    public static readonly ConfigFindingKind CropBeforeResample = new("CropBeforeResample", Warning, "Write Resample before the crop.");
    public static readonly ConfigFindingKind PreparationNotEverywhere = new(
        "PreparationNotEverywhere", Warning, "Remove dataset_type, so that the model sees all images alike.");
    public static readonly ConfigFindingKind RandomEverywhere = new("RandomEverywhere", Warning, "Set dataset_type to [training].");
    public static readonly ConfigFindingKind RangeReversed = new("RangeReversed", Error, "Give the lower number first.");
    public static readonly ConfigFindingKind NotNormalised = new(
        "NotNormalised", Information, "Add NormalizeInstance, unless all images have one scale already.");

    // Training.
    public static readonly ConfigFindingKind ScheduleKeyUnused = new(
        "ScheduleKeyUnused", Warning, "Remove the key; eta_min sets the last learning rate.");
    public static readonly ConfigFindingKind ScheduleRates = new("ScheduleRates", Error, "Make max_lr larger than base_lr.");
    public static readonly ConfigFindingKind InitialRateUnused = new(
        "InitialRateUnused", Information, "Nothing; CyclicLR begins at its base_lr.");
    public static readonly ConfigFindingKind PatienceNever = new(
        "PatienceNever", Information, "Lower early_stopping_patience to stop early.");
    public static readonly ConfigFindingKind WeightsForgotten = new(
        "WeightsForgotten", Warning, "Set reset to false, or lower retrain_fraction.");
    public static readonly ConfigFindingKind NothingRetrained = new("NothingRetrained", Warning, "Raise retrain_fraction.");
    public static readonly ConfigFindingKind LossClasses = new("LossClasses", Error, "Give positions in target_suffix, from 0.");
    public static readonly ConfigFindingKind ClassWeightsCount = new(
        "ClassWeightsCount", Error, "Give one number for each class of target_suffix.");
    public static readonly ConfigFindingKind ClassWeightsTwice = new("ClassWeightsTwice", Error, "Keep one of the two.");
    public static readonly ConfigFindingKind LossNeedsProbabilities = new(
        "LossNeedsProbabilities", Error, "Use another loss, for example L2loss or AdapWingLoss.");
    public static readonly ConfigFindingKind LossList = new("LossList", Error, "Give params_list as many elements as losses_list, or null.");
    public static readonly ConfigFindingKind SeveralGpus = new("SeveralGpus", Information, "Nothing; one device trains.");

    // Prediction and evaluation.
    public static readonly ConfigFindingKind UncertaintyOff = new(
        "UncertaintyOff", Warning, "Set n_it above 0 and epistemic or aleatoric to true, or all to off.");
    public static readonly ConfigFindingKind EpistemicWithoutDropout = new(
        "EpistemicWithoutDropout", Warning, "Raise dropout_rate, or set epistemic to false.");
    public static readonly ConfigFindingKind AleatoricWithoutRandom = new(
        "AleatoricWithoutRandom", Warning, "Add RandomAffine or RandomReverse, or set aleatoric to false.");
    public static readonly ConfigFindingKind AleatoricNotOnLabel = new(
        "AleatoricNotOnLabel", Warning, "Apply the transform to both im and gt; else predictions are not mapped back.");
    public static readonly ConfigFindingKind UncertaintyStepWithoutMap = new(
        "UncertaintyStepWithoutMap", Warning, "Turn uncertainty on, or set the step's thr to -1.");
    public static readonly ConfigFindingKind TwoBinarizations = new(
        "TwoBinarizations", Warning, "Keep binarize_prediction or binarize_maxpooling.");
    public static readonly ConfigFindingKind RemoveSmallLength = new("RemoveSmallLength", Error, "Give one number, or one per class.");
    public static readonly ConfigFindingKind SafetyFactorSmall = new("SafetyFactorSmall", Warning, "Give factors of at least 1.");
    public static readonly ConfigFindingKind SizeBinsOrder = new("SizeBinsOrder", Error, "Give rising sizes.");

    // Together with a dataset.
    public static readonly ConfigFindingKind NoUsableImage = new(
        "NoUsableImage", Error, "Check contrast_params, extensions and target_suffix against the dataset.");
    public static readonly ConfigFindingKind ContrastWithoutImages = new(
        "ContrastWithoutImages", Warning, "Check the spelling; contrasts are matched exactly.");
    public static readonly ConfigFindingKind ClassWithoutLabels = new(
        "ClassWithoutLabels", Error, "Check target_suffix, and import the dataset with its labels.");
    public static readonly ConfigFindingKind LabelsIncomplete = new(
        "LabelsIncomplete", Information,
        "Add the labels, or expect images without any to be left out and missing classes to count as absent.");
    public static readonly ConfigFindingKind RoiLabelsMissing = new(
        "RoiLabelsMissing", Warning, "Add the region's labels; images without one are left out of training.");
    public static readonly ConfigFindingKind ColumnMissing = new(
        "ColumnMissing", Error,
        "Name a column of the dataset's tables, a key of the JSON sidecars, or participant_id, sample_id or session_id.");
    public static readonly ConfigFindingKind ColumnIncomplete = new("ColumnIncomplete", Warning, "Complete the column.");
    public static readonly ConfigFindingKind ValueUnknown = new("ValueUnknown", Warning, "Name values that occur in the column.");
    public static readonly ConfigFindingKind SplitImpossible = new("SplitImpossible", Error, "Change split_dataset, or add participants.");
    public static readonly ConfigFindingKind SplitSizes = new(
        "SplitSizes", Information, "Nothing; New-SegSplit shows who is in which set.");
    public static readonly ConfigFindingKind ChannelsIncomplete = new(
        "ChannelsIncomplete", Warning, "Add the missing contrasts; these samples are left out.");
    public static readonly ConfigFindingKind ChannelGridDiffers = new(
        "ChannelGridDiffers", Error, "Resample the channels of a sample onto one grid.");
    public static readonly ConfigFindingKind HeaderUnreadable = new("HeaderUnreadable", Warning, "Repair the file; it is left out.");
    public static readonly ConfigFindingKind ImageNot3D = new("ImageNot3D", Warning, "Split it into one file per channel; it is left out.");
    public static readonly ConfigFindingKind PatchLargerThanImage = new(
        "PatchLargerThanImage", Error, "Make the patches smaller, or add CenterCrop, which pads small images with 0.");
    public static readonly ConfigFindingKind CropLargerThanImage = new(
        "CropLargerThanImage", Information, "Nothing, if a margin of 0 is wanted; else make the crop smaller.");
    public static readonly ConfigFindingKind SampleSizesDiffer = new(
        "SampleSizesDiffer", Error, "Add CenterCrop to transformation, after Resample if there is one.");
    public static readonly ConfigFindingKind ImageTooSmall = new(
        "ImageTooSmall", Error, "Add CenterCrop with a larger size, or lower depth.");
    public static readonly ConfigFindingKind TransformImpossible = new("TransformImpossible", Error, "Correct the transform.");
    public static readonly ConfigFindingKind MemoryOfSamples = new(
        "MemoryOfSamples", Information, "Nothing; samples beyond cache_memory_mb go to disk.");
    public static readonly ConfigFindingKind MemoryOfTraining = new(
        "MemoryOfTraining", Information, "Lower batch_size, n_filters, depth or the crop if the device has less.");

    /// <summary>All kinds, in ordinal order of their ids.</summary>
    public static IReadOnlyList<ConfigFindingKind> All { get; } =
    [
        .. typeof(ConfigFindingCatalog).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => f.GetValue(null)).OfType<ConfigFindingKind>().OrderBy(k => k.Id, StringComparer.Ordinal),
    ];
}
