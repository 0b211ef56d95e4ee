"""What the steps of the family fields are compared with."""

from tests.oracles import bias, bias_separable, shading
from tests.oracles.oracle import Oracle

ORACLES: tuple[Oracle, ...] = (
    Oracle("n4", "SimpleITK N4BiasFieldCorrection after Shrink by 4", bias.like_simpleitk, 0.0),
    Oracle("n4", "SimpleITK N4BiasFieldCorrection after Shrink by 4 within slices", bias.like_simpleitk_thick, 0.0),
    Oracle(
        "n4",
        "the image that SimpleITK N4BiasFieldCorrection gives without Shrink",
        bias.like_simpleitk_whole,
        1e-6,
        "largest relative difference",
    ),
    Oracle(
        "n4",
        "the known field of a simulated head",
        bias.left_of_the_coils,
        0.01,
        "root mean square of what is left of the field in the brain",
    ),
    Oracle(
        "n4",
        "a simulated head, 0.297 before",
        bias.joint_variation,
        0.06,
        "coefficient of joint variation of white and grey matter",
    ),
    Oracle(
        "n4",
        "engine separable, SimpleITK on the shrunk grid",
        bias_separable.like_simpleitk_on_the_small_grid,
        1e-4,
        "root mean square of the log field's difference",
    ),
    Oracle(
        "n4",
        "engine separable, SimpleITK in a plane",
        bias_separable.like_simpleitk_in_a_plane,
        1e-4,
        "root mean square of the log field's difference",
    ),
    Oracle(
        "n4",
        "engine separable, SimpleITK at full resolution, whose field is stretched",
        bias_separable.away_from_simpleitk,
        0.01,
        "root mean square of the field's difference in the brain",
    ),
    Oracle(
        "n4",
        "engine separable, the known field of a simulated head",
        bias_separable.left_of_the_coils,
        0.01,
        "root mean square of what is left of the field in the brain",
    ),
    *(
        Oracle(
            "lowpass_field",
            f"SciPy gaussian_filter, {method}",
            bias.like_gaussian_filter(method),
            1e-5,
            "largest relative difference",
        )
        for method in ("gaussian", "homomorphic")
    ),
    Oracle(
        "lowpass_field",
        "astropy convolve, which leaves NaN out",
        bias.like_astropy,
        1e-5,
        "largest relative difference of the field",
    ),
    Oracle("polynomial_field", "NumPy lstsq", bias.like_lstsq, 1e-5, "largest relative difference"),
    Oracle(
        "polynomial_field",
        "a known polynomial field over one tissue with noise",
        bias.left_of_a_polynomial,
        0.01,
        "largest relative difference of the field",
    ),
    Oracle("flat_field", "BaSiCPy, its formula", shading.like_basicpy, 1e-6, "largest relative difference"),
    *(
        Oracle(
            "flat_field",
            f"a known vignette of 1 to 0.4, {estimate} of {count} images with {cells} cells each",
            shading.left_of_a_vignette(estimate, count, cells),
            0.01,
            "root mean square of what is left of the vignette",
        )
        for estimate, count, cells in (("mean", 300, 4), ("median", 300, 4), ("basic", 30, 45))
    ),
    Oracle(
        "background_subtract",
        "SciPy gaussian_filter",
        shading.like_gaussian,
        1e-6,
        "largest difference, as a share of the maximum",
    ),
    Oracle("background_subtract", "scikit-image rolling_ball", shading.like_ball, 0.0),
    Oracle("background_subtract", "scikit-image rolling_ball with ellipsoid_kernel", shading.like_ellipsoid, 1e-5),
    Oracle("background_subtract", "scikit-image white_tophat with disk", shading.like_tophat, 0.0),
)
