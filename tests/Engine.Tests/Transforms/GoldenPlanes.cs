using MedSeg.Engine.Tests.Support;

namespace MedSeg.Engine.Tests.Transforms;

/// <summary>An image and a label of 20×23 pixels, and what the reference toolbox makes of them, at some places.</summary>
internal static class GoldenPlanes
{
    public static float[] Image { get; } = Constants.Floats(
        "AAAAPyJVDD9Tthc/+B0iPy6IKz/I8jM/Tl07P+zIQT9sOEc/KbBLP/Y1Tz8T0VE/EYpTP7xqVD8AflQ/zs9TP/tsUj8lY1A/jsBNPwGUSj+r7EY/+tlCP35r"
        + "Pj8bTq8/VNKsP7Q/qj+enac/MPOkPzhHoj8qoJ8/CwSdP2x4mj9dApg/YKaVP2pokz/OS5E/RVOPP+OAjT8S1os/mFOKP5D5iD9ux4c/BLyGP4TVhT+FEYU/"
        + "Dm2EPxaSrz+eIa8/psSuP0h2rj9BMa4//O+tP6KsrT8oYa0/YgetPwyZrD/gD6w/omWrPzSUqj+klak/OmSoP4n6pj+AU6U/dWqjPzU7oT8Owp4/3vubPxvm"
        + "mD/efpU/WB+CP0wkfD/FY3M/8f5pPyP5Xz8wV1U/bR9KP69ZPj9ADzI/2EolP5YYGD/mhQo/80L5Pl323D7uR8A+hlujPsZWhj6swVI+REQZPngQwT3QhyM9"
        + "AJRVvFCng710RyS/wkUwv4KUO79iH0a/stJPv4ybWL/4Z2C/CCdnvwLJbL92P3G/Zn10v1R3dr9mI3e/dnl2vypzdL/8C3G/VkFsv4wSZr/wgF6/0I9Vv3ZE"
        + "S78upj+/ML4yvzATqr8sZ6K/1imav3Zjkb8tHYi/w8F8v2ZyaL/cYlO/7ao9v3pjJ79SphC/FBzzvrdrxL7zcpW+ltNMvkgi3r0AeZC8MIWTPZD1Iz5cHXw+"
        + "FuioPshT0j52IPo+AM4rPej25T2MujY+NON1PiYXmD7KrbI+8pjKPt6/3z6mDfI+r7gAPxnvBj+5pQs/Q9oOP4eMED9hvhA/tXMPP22yDD9dggg/Re0CP1b9"
        + "9z6qh+c+SpfUPgZNvz5AD14+AO4qPgD75z0AS2Y9AHF+u3iZiL2MCAe+6M1LvkAeib7K+ay+SknRvtzc9b6qQg2/PIofv7CuMb9OmkO/SjhVv9d0Zr9IPXe/"
        + "FsCDv7GWi78YG5O/qUaav7o/aL/qEXW/AoqAv5Afhr/+Rou/gf6PvxtFlL+eGpi/qH+bv5Z1nr+E/qC/QB2jv0TVpL+mKqa/DiKnv6jAp78bDKi/cgqovxHC"
        + "p7+oOae/Gnimv3mEpb/oZaS/jF4gv6KgHb+Htxq/9bAXvziaFL8IgBG/cm4Ov7xwC79NkQi/mNkFvwVSA7/gAQG/m979vnE++r6aKve+3Kf0vmi48r7TW/G+"
        + "HI/wvrRM8L6OjPC+MUTxvtRm8r5yvic+JiskPrgnID583Rs+xHgXPpgoEz4oHg8+aIwLPpynCD7ApAY+KLkFPtwZBj40+wc+SJALPmQKET6gmBg+UmciPpyf"
        + "Lj76Zj0+3t5OPjwkYz46T3o+bDmKPnsvIT9wPSk/Zg8yP1KkOz+k+UU/NAtRP0nTXD+ZSmk/Smh2P/4Qgj/qNYk/Q5yQP7M8mD9AD6A/UguoP8YnsD/yWrg/"
        + "vprAP6vcyD/nFdE/XjvZP8pB4T/LHek/JKvfPwoQ5z9kKO4/F+n0P0dH+z84nABAOVkDQNTVBUB+DQhA9/sJQFadC0AQ7gxA/eoNQGGRDkDv3g5A0NEOQKRo"
        + "DkCNog1AJn8MQJD+CkBtIQlA4egGQJJWBEAJTr4/SNC3P9qusD/u8Kg/l56gP8LAlz8oYY4/RoqEP4eOdD/bR18/P1lJP2HcMj/G6xs/oKIEP0g52j7I66o+"
        + "iCp3Pp3cGD6YeW09CIMDvbDm9r1g7lO++vSUvj9hh7/RW5G/leKav9jqo7+gaqy/vli0v9esu790X8K/B2rIv/jGzb+ncdK/dWbWv8ai2b8EJdy/nOzdvwD6"
        + "3r+iTt+/8Ozev0vY3b8EFdy/TqjZvzSY1r+Q69K/hy0IwGbGBcBmHQPAQjcAwO4x+r9zj/O/0pHsvxZE5b99sd2/ZuXVv0Drzb9xzsW/Spq9v/JZtb9RGK2/"
        + "AuCkvz+7nL/Ys5S/G9OMv88hhb9EUHu/O9tsv0PyXr9UGWu//GtevzhrUr/THke/BY08v3S6Mr82qim/zV0hvzjVGb/4DhO/GggNv0y8B7/sJQO/NXz+vq35"
        + "974esvK+hpHuvjaC674Obem+uDnovuzO576qEui+gurovgCGxb3ARsy98BnUvbiY3L2AX+W9wA7uvfhL9r2Qwv29RBICvp6VBL4OTAa+kBoHvrbqBr7YqgW+"
        + "Ok4DvnSa/720Sva9oLLqvRDi3L0g88y9AAq7vcBUp73YCpK9J2wXP05hGj++bR0/d4YgP6efIz/KrCY/waApP/BtLD9gBi8/2VsxPwVgMz+RBDU/Tzs2P1X2"
        + "Nj8fKDc/s8M2P7u8NT+pBzQ/1JkxP5RpLj9bbio/06AlP+76Hz+2Ip4/IHGaP5BOlj/zupE/A7eMP0pEhz8lZYE/ijl2P1feaD9Xwlo/xPBLP2R2PD9+YSw/"
        + "wsEbPzioCj9aTvI+JaTOPtJ6qj49/YU+wq9CPkji8j3AcUI9wHe7vA==");

    public static float[] Label { get; } = Constants.Bits(
        "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "00000000000000000000000000000001111111000000000000000011111110000000000000000111111100000000"
        + "00000000111011100000000000000001111111000000000000000011111110000000000000000111111100000000"
        + "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "00011000000000000000000000110000000000000000000000000000000000000000000000000000000000000000");

    /// <summary><see cref="Image"/> of 1 mm pixels resampled to 1.5 × 1.25 mm: 13×18.</summary>
    public static (int At, float Value)[] ImageResampled { get; } =
        [(0, 0.5f), (38, 0.7081593f), (78, 0.4302137f), (116, -0.17924838f), (155, 1.1905673f), (194, -0.52886057f), (233, -0.02288425f)];

    /// <summary><see cref="Label"/> likewise.</summary>
    public static (int At, float Value)[] LabelResampled { get; } =
        [(0, 0f), (60, 0.5735294f), (64, 0.75f), (96, 0.7647059f), (114, 0.7647059f), (134, 0.9166667f), (182, 0.49019608f), (233, 0f)];

    /// <summary><see cref="Image"/> resampled and brought back.</summary>
    public static (int At, float Value)[] ImageResampledBack { get; } =
        [(0, 0.5f), (76, 0.5936643f), (154, 0.11031899f), (230, 0.07544385f), (306, 0.9138603f), (380, -0.5450437f), (459, -0.02288425f)];

    /// <summary><see cref="Image"/> turned by −0.35, scaled by 1.1 and 0.9, moved by 2 and −1.</summary>
    public static (int At, float Value)[] ImageTurned { get; } =
        [(0, 0f), (6, -1.0305749f), (77, -0.13740139f), (148, -0.5051844f), (215, 1.8348067f), (278, -0.34956703f), (348, 1.0786759f), (459, 0f)];

    /// <summary><see cref="Label"/> likewise.</summary>
    public static (int At, float Value)[] LabelTurned { get; } =
        [(0, 0f), (35, 0.09389132f), (84, 0.9311352f), (132, 0.6643768f), (174, 0.97277f), (218, 0.69811255f), (257, 0.1919148f), (459, 0f)];

    /// <summary><see cref="Image"/> clipped at its percentiles 30 and 60.</summary>
    public static (int At, float Value)[] ImageClipped { get; } =
    [
        (0, 0.5f), (38, 0.529547155f), (97, -0.50644362f), (155, 0.529547155f),
        (222, -0.477843165f), (301, 0.529547155f), (388, -0.452750564f), (459, -0.0228842497f),
    ];

    /// <summary><see cref="Image"/> equalised with a limit of 0.02 and a kernel of 8×8.</summary>
    public static (int At, float Value)[] ImageEqualized { get; } =
    [
        (0, 0.587301612f), (38, 0.797619045f), (97, 0.18849206f), (155, 0.647817433f),
        (222, 0.37450397f), (301, 0.833333313f), (388, 0.388888896f), (459, 0.545634925f),
    ];

    /// <summary><see cref="Image"/> raised to 1.7.</summary>
    public static (int At, float Value)[] ImagePower { get; } =
    [
        (0, 0.307786077f), (38, 1.1622417f), (97, -0.752726793f), (155, 0.343374074f),
        (222, -0.284960777f), (301, 1.72971368f), (388, -0.259992182f), (459, -0.00162634347f),
    ];

    /// <summary><see cref="Image"/> blurred by 0.8 pixels.</summary>
    public static (int At, float Value)[] ImageBlurred { get; } =
    [
        (0, 0.746136904f), (38, 1.05655134f), (97, -0.418496102f), (155, 0.0274547823f),
        (222, -0.488661736f), (301, 0.806291997f), (388, -0.493711919f), (459, 0.154650971f),
    ];

    /// <summary><see cref="Image"/> times the field of order 2 with coefficients sin(1)/2, sin(2)/2 and so on.</summary>
    public static (int At, float Value)[] ImageBiased { get; } =
    [
        (0, 0.651705325f), (38, 0.798025668f), (97, -1.22409117f), (155, 0.519249737f),
        (222, -0.609084845f), (301, 2.66746712f), (388, -0.570050359f), (459, -0.0269940756f),
    ];

    /// <summary><see cref="Label"/> dilated with a factor of 0.3.</summary>
    public static (int At, float Value)[] LabelDilated { get; } =
    [
        (0, 0f), (77, 0.333333343f), (100, 0.666666687f), (121, 0.333333343f), (167, 0.333333343f), (200, 0.333333343f),
        (246, 0.333333343f), (286, 0.666666687f), (309, 0.333333343f), (123, 1f), (218, 1f),
    ];
}
