"""Presets for MR."""

from prep_core.recipe_presets.preset import RecipePreset, because, of_modality

INTENSITY_NORMALIZATION = "https://github.com/jcreinhold/intensity-normalization"
ABOVE_ZERO = 1e-9
"""The smallest number that the step takes; stored counts that are not 0 lie above it."""

RESONANCE = (
    RecipePreset(
        "nnunet_zscore",
        "nnU-Net, all but CT",
        "MR, and any scan without a unit of its own",
        "nnU-Net's ZScoreNormalization: each channel of each image by its own mean and standard deviation.",
        "https://github.com/MIC-DKFZ/nnUNet/blob/master/nnunetv2/preprocessing/normalization/"
        "default_normalization_schemes.py",
        (
            because(
                "The scale of MR differs from scan to scan, so each image and channel is measured alone: mean 0, "
                "standard deviation 1. Where cropping to what is not 0 takes much away, nnU-Net measures inside it.",
                "zscore",
                per="channel",
            ),
        ),
        of_modality("MR", "US", "OPT"),
    ),
    RecipePreset(
        "monai_brats",
        "MONAI brain tumours (BraTS)",
        "MR of the brain whose surround is 0",
        "NormalizeIntensityd with nonzero and channel_wise in the bundle brats_mri_segmentation.",
        "https://github.com/Project-MONAI/model-zoo/blob/dev/models/brats_mri_segmentation/configs/inference.json",
        (
            because(
                "What is 0 was cut away around the brain, often half of the voxels and more: it must not be measured.",
                "threshold_mask",
                {"low": ABOVE_ZERO, "high": 1e9},
            ),
            because("Mean 0 and standard deviation 1 of what is left.", "zscore", per="channel", inside="mask"),
            because("The surround stays 0, which is now the mean of the brain.", "apply_mask"),
        ),
        of_modality("MR"),
        "MR",
    ),
    RecipePreset(
        "white_stripe_t1",
        "WhiteStripe, T1",
        "T1-weighted MR of the brain, best after skull stripping",
        "Shinohara et al. (2014), NeuroImage: Clinical 6:9, as in the package intensity-normalization.",
        INTENSITY_NORMALIZATION,
        (
            because(
                "Normal white matter is the same tissue in every patient: 5 % of the voxels on either side of its peak "
                "give mean and standard deviation, so that a lesion does not move the scale.",
                "white_stripe",
            ),
        ),
        of_modality("MR"),
        "MR",
    ),
    RecipePreset(
        "nyul",
        "Nyul and Udupa",
        "MR of one contrast and one part of the body",
        "Landmarks at 1, 10, 20 ... 90 and 99 %, mapped to the mean ones of the training set, from 1 to 100; as in the "
        "package intensity-normalization. Nyul, Udupa and Zhang (2000), IEEE Transactions on Medical Imaging 19:143.",
        INTENSITY_NORMALIZATION,
        (
            because(
                "A scan's 11 percentiles become those of the training set, straight between them: tissues get the "
                "same values although scanners differ by more than gain and offset.",
                "nyul",
            ),
        ),
        of_modality("MR"),
        "MR",
    ),
    RecipePreset(
        "medsam_other",
        "MedSAM, all but CT",
        "MR, radiographs and other scans without a unit",
        "Clip to the 0.5 and 99.5 percentile of what is above 0, then 0 to 255; MedSAM rounds down to 8 bits "
        "afterwards.",
        "https://github.com/bowang-lab/MedSAM/blob/main/pre_CT_MR.py",
        (
            because(
                "Zeros are surround and are not measured; 1 % of the other voxels is clipped, so that a bright vessel "
                "does not make the rest dark.",
                "percentile_rescale",
                {"low": 0.5, "high": 99.5, "out_high": 255.0},
                inside="positive",
            ),
        ),
        of_modality("MR", "CR", "DX", "MG", "XA", "RF"),
    ),
)
