"""Presets for CT and radiographs."""

from prep_core.recipe_presets.preset import RecipePreset, because
from prep_core.scan import Scan
from prep_core.suggesting import Reasoned

MODEL_ZOO = "https://github.com/Project-MONAI/model-zoo/blob/dev/models"
RADIOGRAPHS = ("CR", "DX", "MG", "XA", "RF")


def _in_hu(scan: Scan) -> bool:
    return scan.unit == "HU"


def _eight_bit_radiograph(scan: Scan) -> bool:
    return scan.modality in RADIOGRAPHS and scan.data.dtype == "uint8"


def _hu(low: float, high: float, reason: str, top: float = 1.0) -> tuple[Reasoned, ...]:
    return (because(reason, "rescale_range", {"in_low": low, "in_high": high, "out_high": top}),)


RAYS = (
    RecipePreset(
        "nnunet_ct",
        "nnU-Net, CT",
        "CT in HU, segmentation",
        "nnU-Net's CTNormalization: clip to the 0.5 and 99.5 percentile of the foreground of the training set, then "
        "subtract its mean and divide by its standard deviation.",
        "https://github.com/MIC-DKFZ/nnUNet/blob/master/nnunetv2/preprocessing/normalization/"
        "default_normalization_schemes.py",
        (
            because(
                "HU mean the same in every scan, so four numbers of the training set serve all. nnU-Net's foreground "
                "is what is labelled; here it is what Otsu tells from air, or the mask of a line above.",
                "ct_foreground",
            ),
        ),
        _in_hu,
        "CT",
    ),
    RecipePreset(
        "monai_lung_nodule",
        "MONAI lung nodule detection (LUNA16)",
        "CT of the chest in HU, with voxels of 0.70 x 0.70 x 1.25 mm",
        "ScaleIntensityRanged from -1024 to 300 HU in the bundle lung_nodule_ct_detection.",
        f"{MODEL_ZOO}/lung_nodule_ct_detection/configs/inference.json",
        _hu(
            -1024,
            300,
            "From air to just above soft tissue, -1024 to 300 HU: calcified nodules and bone become 1 alike.",
        ),
        _in_hu,
        "CT",
    ),
    RecipePreset(
        "monai_abdomen",
        "MONAI abdominal organs (BTCV, Swin UNETR)",
        "CT of the abdomen in HU, with voxels of 1.5 x 1.5 x 2 mm",
        "ScaleIntensityRanged from -175 to 250 HU in the bundle swin_unetr_btcv_segmentation.",
        f"{MODEL_ZOO}/swin_unetr_btcv_segmentation/configs/inference.json",
        _hu(-175, 250, "Fat lies near -100 HU and organs with contrast below 250: 425 HU share the range from 0 to 1."),
        _in_hu,
        "CT",
    ),
    RecipePreset(
        "monai_spleen",
        "MONAI spleen (Medical Segmentation Decathlon)",
        "CT of the abdomen in HU, with voxels of 1.5 x 1.5 x 2 mm",
        "ScaleIntensityRanged from -57 to 164 HU in the bundle spleen_ct_segmentation.",
        f"{MODEL_ZOO}/spleen_ct_segmentation/configs/inference.json",
        _hu(-57, 164, "221 HU around the spleen in the portal venous phase; fat becomes 0 and bone 1."),
        _in_hu,
        "CT",
    ),
    RecipePreset(
        "medsam_ct",
        "MedSAM, CT",
        "CT in HU, soft tissue",
        "Window level 40 and width 400, then 0 to 255; MedSAM rounds down to 8 bits afterwards.",
        "https://github.com/bowang-lab/MedSAM/blob/main/pre_CT_MR.py",
        _hu(-160, 240, "The soft tissue window, -160 to 240 HU, becomes 0 to 255, as the network saw pictures.", 255.0),
        _in_hu,
        "CT",
    ),
    RecipePreset(
        "torchxrayvision",
        "TorchXRayVision",
        "radiographs of the chest in 8 bits",
        "normalize(img, 255): (2 x / 255 - 1) 1024. For 12 bits put 4095 in the place of 255.",
        "https://github.com/mlmed/torchxrayvision/blob/master/torchxrayvision/datasets.py",
        (
            because(
                "Its networks take values from -1024 to 1024; the largest value that the type can hold counts, not the "
                "largest of the picture, so exposure stays visible.",
                "rescale_range",
                {"in_low": 0.0, "in_high": 255.0, "out_low": -1024.0, "out_high": 1024.0, "clip": False},
            ),
        ),
        _eight_bit_radiograph,
        "DX",
    ),
)
