namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Names that BIDS 1.10 knows (https://bids-specification.readthedocs.io, appendix on entities and the lists of suffixes).
/// </summary>
internal static class BidsVocabulary
{
    /// <summary>Entities in the order in which a name has them.</summary>
    public static IReadOnlyList<string> Entities { get; } =
    [
        "sub", "tpl", "ses", "cohort", "sample", "task", "tracksys", "acq", "nuc", "voi", "ce", "trc", "stain", "rec", "dir", "run", "mod",
        "echo", "flip", "inv", "mt", "part", "proc", "hemi", "space", "split", "recording", "chunk", 
        "atlas", "seg", "scale", "res", "den", "label", "desc",
    ];

    /// <summary>Folders that hold images and recordings. Computed tomography has no place in BIDS yet; <c>ct</c> is widely used.</summary>
    public static IReadOnlyList<string> DataTypes { get; } =
        ["anat", "beh", "ct", "dwi", "eeg", "fmap", "func", "ieeg", "meg", "micr", "motion", "mrs", "nirs", "perf", "pet"];

    /// <summary>Suffixes of images.</summary>
    public static IReadOnlyList<string> Suffixes { get; } =
    [
        "T1w", "T2w", "PDw", "T2starw", "T2star", "FLAIR", "PDT2", "PD", "FLASH", "inplaneT1", "inplaneT2", "angio", "defacemask", "UNIT1",
        "T1rho", "T1map", "T2map", "T2starmap", "R1map", "R2map", "R2starmap", "PDmap", "MTRmap", "MTsat", "MTVmap", "MWFmap",
        "Chimap", "S0map", "M0map",
        "TB1map", "RB1map", "RB1COR", "TB1AFI", "TB1DAM", "TB1EPI", "TB1RFM", "TB1SRGE", "TB1TFL",
        "IRT1", "MEGRE", "MESE", "MP2RAGE", "MPM", "MTR", "MTS", "VFA", "MWI",
        "bold", "cbv", "sbref", "phase", "noRF", "dwi", "ADC", "FA", "asl", "m0scan", "pet", "ct", "CT",
        "epi", "fieldmap", "magnitude", "magnitude1", "magnitude2", "phase1", "phase2", "phasediff",
        "2PE", "BF", "CARS", "CONF", "DF", "DIC", "FLUO", "MPE", "NLO", "OCT", "PC", "PLI", "SEM", "SPIM", "SR", "TEM", "uCT", "XPCT",
        "photo",
        "mask", "dseg", "probseg",
    ];

    /// <summary>The suffixes of microscopy, which lie in <c>micr</c>.</summary>
    public static IReadOnlyList<string> MicroscopySuffixes { get; } =
        ["2PE", "BF", "CARS", "CONF", "DF", "DIC", "FLUO", "MPE", "NLO", "OCT", "PC", "PLI", "SEM", "SPIM", "SR", "TEM", "uCT", "XPCT"];
}
