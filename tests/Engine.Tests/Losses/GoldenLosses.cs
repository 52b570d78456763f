using MedSeg.Engine.Tests.Support;

namespace MedSeg.Engine.Tests.Losses;

/// <summary>Values and gradients of the reference toolbox for two small batches: what the losses must give on every machine.</summary>
internal static class GoldenLosses
{
    /// <summary>Places in the gradient that are compared.</summary>
    public static int[] Places { get; } = [0, 60, 41, 83];

    /// <summary>Prediction and target, row-major.</summary>
    /// <param name="Shape">(N, K, H, W).</param>
    public sealed record Batch(long[] Shape, float[] Prediction, float[] Target);

    /// <summary>One loss on one batch.</summary>
    /// <param name="Parameters">Of the loss, null for its defaults.</param>
    /// <param name="Gradient">By the prediction, at <see cref="Places"/>.</param>
    public sealed record Case(string Loss, Dictionary<string, object?>? Parameters, Batch Batch, double Value, double[] Gradient);

    private static readonly Batch OneClass = new(
        [3, 1, 7, 4],
        Constants.Floats(
            "0WtZP70ECD5mRQQ/6E4WPqJLNT9J6cw+9BMQP8OmSD4D3yI+IiH6PuEHuT6VPWw/0jRBP5AcPT/aN2M/pvnMPavTDD/GwhQ/hoZxPxvWmT63nIA+WyXuPSCG"
            + "Ej2mj2k/OsIpP0UURj9Lt5Q+dTwVP4Czpj2I7/g+Zll1P6mHXD+vc7A+fG9xP4FAeD6ybG4/FnlsPzOIST8TDyA/KvxbP+1Dmj6hwVU/KfgcPy34BT2H6bQ+"
            + "wBsmPhZqdj9bXvU+wrf+PtpGIj8eaL8+9g4bPuUpTz+sG08+IcgCPxz+cD6AVOk9HwNZP4Y5dD82QXE/Q+pjP5FZQz/N/K0+bWnIPT1o0j6Exng+fLgWPosA"
            + "kj0scTc/jrX9PHh/Qj837yQ+iU7FPXIg2T1QSCo/yNeCPo3x2D5VGQ4/65tYP2TMNz+QHI8+nLsVPpHUlT1Ve54+"),
        Constants.Bits("000000000000000000000000010000000001010010001000000001001010111000000101000001011000"));

    private static readonly Batch TwoClasses = new(
        [2, 2, 6, 5],
        Constants.Floats(
            "Ff8LP4viND9QQRk/zgcLP4152j7d2iM/p1LhPjpIYD8j83E/jbXGPsGxRz/pGQc//rgQPzqYaD9hn7Q9X0PUPQZsIT2ivlE/HFxEPyfvWj8QoHU/boVJP/sQ"
            + "7T5f8UQ/nb8IPhJjIj/qZiE+JkhtP5ReBT/9DdY+PUaMPktlQz9vcuo+ftEQP/TNGz386Bw/dIwbP9q8HD83Dm0/Ja8sPwHyuj7JDOE+4ZEwPztenz0O/Cg/"
            + "m+8pP2NLYz4/OBM+g0elPtkCvT5mQBE/SNLhPtMFeD+YlvE9cNBhPsANMz6+oCU/5ryGPupw7z5MYYI+48AwPrL7AD5oayY/wlEcPnO6VT7Oeb8+JuNOP2/e"
            + "5z2oDVM/rOXlPT0YdT9pl/A+Nyt1P0/EGT8qzTo/PgNsPcs+lT5Wowo+gMybPrAxCT78iKY+ytvVPkEUpz1MTS8/NF4QPyuvjD6ktgU/kafhPSSqEj/7gGk/"
            + "sdKmPo0kKT/mChY+Iio1Pyd9mD5/kEg+7EIVP3D8ID0e11A/SMTIPECzKz9O9I4+Ic05P2SWcT/UgYQ+aLcSP8eeFj+ywRE/NsdvPoFEbz/VAuY+JiJVPycG"
            + "MT+rb5w+dB5NP2khzT7xqF0/P/kTP7bQXT8KUS8/"),
        Constants.Bits(
            "101101001010000001101001110111010101100010111100100000100110010011001000011000000100001001101001000111010110110000000000"));

    public static IReadOnlyList<Case> Cases { get; } =
    [
        new("DiceLoss", null, OneClass, -0.29798824, [0.0051298398, -0.029299974, 0.0051298398, 0.0051298398]),
        new("DiceLoss", null, TwoClasses, -0.4862792, [-0.013933117, 0.0044759805, 0.0044759805, 0.0044759805]),
        new("DiceLoss", new() { ["smooth"] = 0.1 }, OneClass, -0.28694052, [0.005017391, -0.029954256, 0.005017391, 0.005017391]),
        new("DiceLoss", new() { ["smooth"] = 0.1 }, TwoClasses, -0.48198792, [-0.014089333, 0.0044735405, 0.0044735405, 0.0044735405]),
        new("MultiClassDiceLoss", null, OneClass, -0.29798824, [0.0051298398, -0.029299974, 0.0051298398, 0.0051298398]),
        new("MultiClassDiceLoss", null, TwoClasses, -0.4907802, [-0.013153627, 0.005034146, 0.003914984, 0.005034146]),
        new("MultiClassDiceLoss", new() { ["classes_of_interest"] = new object?[] { 0L } }, TwoClasses, -0.55357474, [-0.026307253, 0.010068292, 0, 0.010068292]),
        new("BinaryCrossEntropyLoss", null, OneClass, 0.9562634, [0.078997165, -0.01337173, 0.07214385, 0.017241651]),
        new("BinaryCrossEntropyLoss", null, TwoClasses, 0.8377672, [-0.015238485, 0.010071843, 0.014869021, 0.026435994]),
        new("FocalLoss", null, OneClass, 32.066597, [6.000766, -0.009753858, 5.4254446, 0.27604556]),
        new("FocalLoss", null, TwoClasses, 30.491533, [-0.23061825, 0.076067165, 0.6403094, 2.3014774]),
        new("FocalLoss", new() { ["gamma"] = 1.5, ["alpha"] = 0.6, ["eps"] = 0.001 }, OneClass, 23.74693, [3.1239462, -0.0591291, 2.8373353, 0.22340748]),
        new("FocalLoss", new() { ["gamma"] = 1.5, ["alpha"] = 0.6, ["eps"] = 0.001 }, TwoClasses, 28.76527, [-0.7003351, 0.08190322, 0.43831533, 1.2922444]),
        new("FocalDiceLoss", null, TwoClasses, 4.1384215, [-0.036215857, 0.011699246, 0.030204128, 0.08468378]),
        new("FocalDiceLoss", null, OneClass, 4.6785164, [0.2043494, -0.09863012, 0.18640792, 0.025823416]),
        new("FocalDiceLoss", new() { ["beta"] = 0.5, ["gamma"] = 3L, ["alpha"] = 0.4 }, TwoClasses, 3.4968343, [-0.02374326, 0.005205728, 0.017299252, 0.073482506]),
        new("FocalDiceLoss", new() { ["beta"] = 0.5, ["gamma"] = 3L, ["alpha"] = 0.4 }, OneClass, 3.7586164, [0.21773621, -0.049259994, 0.19559528, 0.012436585]),
        new("GeneralizedDiceLoss", null, TwoClasses, -0.36591068, [-0.0073627285, 0.0045796847, 0.0021949967, 0.0045796847]),
        new("GeneralizedDiceLoss", null, OneClass, -0.114954256, [0.0071443287, -0.0011715431, 0.00028577313, 7.144328e-05]),
        new("GeneralizedDiceLoss", new() { ["include_background"] = false }, TwoClasses, -0.4557504, [-0.008666274, 0.007104597, 0.003405162, 0.007104597]),
        new("GeneralizedDiceLoss", new() { ["include_background"] = false }, OneClass, -0.11593467, [0.007266713, -0.0011809203, 0.0002906685, 7.266713e-05]),
        new("GeneralizedDiceLoss", new() { ["epsilon"] = 0.01 }, TwoClasses, -0.36591068, [-0.0073627285, 0.0045796847, 0.0021949967, 0.0045796847]),
        new("GeneralizedDiceLoss", new() { ["epsilon"] = 0.01 }, OneClass, -0.114954256, [0.0071443287, -0.0011715431, 0.00028577313, 7.144328e-05]),
        new("TverskyLoss", null, TwoClasses, -0.47983205, [-0.010672899, 0.006457785, 0.0050893133, 0.006457785]),
        new("TverskyLoss", null, OneClass, -0.26488146, [0.0053646984, -0.02356845, 0.0053646984, 0.0053646984]),
        new("TverskyLoss", new() { ["alpha"] = 0.5, ["beta"] = 0.5 }, TwoClasses, -0.49990594, [-0.012847442, 0.0050154454, 0.0039369655, 0.0050154454]),
        new("TverskyLoss", new() { ["alpha"] = 0.5, ["beta"] = 0.5 }, OneClass, -0.30986875, [0.005244085, -0.028603053, 0.005244085, 0.005244085]),
        new("TverskyLoss", new() { ["alpha"] = 0.2, ["beta"] = 0.9, ["smooth"] = 0.5 }, TwoClasses, -0.5031086, [-0.017706225, 0.00214685, 0.0016149778, 0.00214685]),
        new("TverskyLoss", new() { ["alpha"] = 0.2, ["beta"] = 0.9, ["smooth"] = 0.5 }, OneClass, -0.3880734, [0.0034801129, -0.04309828, 0.0034801129, 0.0034801129]),
        new("FocalTverskyLoss", null, TwoClasses, 0.6110214, [-0.009722184, 0.005882542, 0.004382446, 0.005882542]),
        new("FocalTverskyLoss", null, OneClass, 0.793445, [0.004353646, -0.019126648, 0.004353646, 0.004353646]),
        new("FocalTverskyLoss", new() { ["alpha"] = 0.4, ["beta"] = 0.6, ["gamma"] = 2.0, ["smooth"] = 0.1 }, TwoClasses, 0.70990306, [-0.011034897, 0.003180451, 0.002149933, 0.003180451]),
        new("FocalTverskyLoss", new() { ["alpha"] = 0.4, ["beta"] = 0.6, ["gamma"] = 2.0, ["smooth"] = 0.1 }, OneClass, 0.8271337, [0.0029221408, -0.020207057, 0.0029221408, 0.0029221408]),
        new("L2loss", null, TwoClasses, 17.399057, [-0.453139, 0.1726108, 0.43955067, 0.6847732]),
        new("L2loss", null, OneClass, 13.737085, [0.8493014, -0.1097067, 0.8349858, 0.3095347]),
        new("AdapWingLoss", null, TwoClasses, 453.35345, [-10.029229, 4.1533704, 10.104788, 11.121421]),
        new("AdapWingLoss", null, OneClass, 302.44028, [11.121421, -11.34837, 11.121421, 7.4578547]),
        new("AdapWingLoss", new() { ["theta"] = 0.4, ["alpha"] = 2.2, ["omega"] = 10L, ["epsilon"] = 2L }, TwoClasses, 108.40473, [-3.7981184, 0.57897645, 1.5495906, 1.5495906]),
        new("AdapWingLoss", new() { ["theta"] = 0.4, ["alpha"] = 2.2, ["omega"] = 10L, ["epsilon"] = 2L }, OneClass, 59.30035, [1.5495906, -3.2573347, 1.5495906, 1.153197]),
        new("LossCombination", new() { ["losses_list"] = new object?[] { "L2loss", "DiceLoss" } }, TwoClasses, 16.912779, [-0.46707213, 0.17708679, 0.44402665, 0.68924916]),
        new("LossCombination", new() { ["losses_list"] = new object?[] { "L2loss", "DiceLoss" } }, OneClass, 13.439097, [0.8544312, -0.13900667, 0.8401156, 0.31466454]),
        new("LossCombination", new() { ["losses_list"] = new object?[] { "FocalLoss", "DiceLoss", "TverskyLoss" }, ["params_list"] = new object?[] { new Dictionary<string, object?> { ["gamma"] = 1L }, null, new Dictionary<string, object?> { ["alpha"] = 0.6 } } }, TwoClasses, 38.40877, [-0.38286367, 0.30921483, 1.0319268, 2.5057256]),
        new("LossCombination", new() { ["losses_list"] = new object?[] { "FocalLoss", "DiceLoss", "TverskyLoss" }, ["params_list"] = new object?[] { new Dictionary<string, object?> { ["gamma"] = 1L }, null, new Dictionary<string, object?> { ["alpha"] = 0.6 } } }, OneClass, 38.72443, [5.6569242, -0.11458365, 5.157104, 0.62476397]),
    ];
}
