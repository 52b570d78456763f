using MedSeg.Engine.Configuration;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

/// <summary>Files with one fault each: the error's id, its line and its key path.</summary>
public sealed class BadConfigTests
{
    /// <summary>Name, text, expected id, line, key path.</summary>
    public static TheoryData<string, string, string, int, string> Cases { get; } = Build();

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_fault_is_named_with_its_place(string file, string text, string errorId, int line, string key)
    {
        SegException error = Assert.Throws<SegException>(() => ConfigReader.Parse(text, file, SegEngine.Catalog, _ => { }));

        ConfigProblem problem = Assert.IsType<ConfigProblem[]>(error.TargetItem)[0];
        Assert.Equal((errorId, line, key), (problem.ErrorId, problem.Line, problem.Key));
        Assert.Equal(errorId, error.ErrorId);
        Assert.True(problem.Column >= 1);
        Assert.StartsWith(file + ":", error.Message, StringComparison.Ordinal);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Recommendation);
    }

    /// <summary>The same fault in both formats: line, column, and what the message says was found, is allowed and may be meant.</summary>
    [Theory]
    [InlineData("c.json", "{\n  \"default_model\": {\n    \"depth\": \"three\"\n  }\n}", 3, 14, "default_model.depth", "found text \"three\"; allowed: a whole number from 1 to 8.")]
    [InlineData("c.yaml", "default_model:\n  depth: three\n", 2, 10, "default_model.depth", "found text \"three\"; allowed: a whole number from 1 to 8.")]
    [InlineData("c.json", "{\n  \"default_model\": {\n    \"depht\": 3\n  }\n}", 3, 5, "default_model.depht", "unknown key; did you mean 'depth'?")]
    [InlineData("c.yaml", "default_model:\n  depht: 3\n", 2, 3, "default_model.depht", "unknown key; did you mean 'depth'?")]
    [InlineData("c.json", "{\n  \"default_model\": {\n    \"depth\": 12\n  }\n}", 3, 14, "default_model.depth", "found number 12; allowed: a whole number from 1 to 8.")]
    [InlineData("c.yaml", "default_model: {depth: 12}\n", 1, 24, "default_model.depth", "found number 12; allowed: a whole number from 1 to 8.")]
    [InlineData("c.json", "{\n  \"default_model\": {\n    \"depth\": 3,\n    \"depth\": 4\n  }\n}", 4, 5, "default_model.depth", "the key occurs twice, first on line 3.")]
    [InlineData("c.yaml", "default_model:\n  depth: 3\n  depth: 4\n", 3, 3, "default_model.depth", "the key occurs twice, first on line 2.")]
    [InlineData("c.json", "{\"command\": \"trian\"}", 1, 13, "command", "found text \"trian\"; allowed: train, test, segment; did you mean 'train'?")]
    [InlineData("c.yaml", "# first\ncommand: trian\n", 2, 10, "command", "found text \"trian\"; allowed: train, test, segment; did you mean 'train'?")]
    [InlineData("c.json", "{\"transformation\": {\"Resampel\": {}}}", 1, 21, "transformation.Resampel", "Did you mean 'Resample'?")]
    [InlineData("c.yaml", "transformation:\n  RandomAffine: {degree: 5}\n", 2, 18, "transformation.RandomAffine.degree", "RandomAffine has no such parameter; did you mean 'degrees'?")]
    [InlineData("c.json", "{\"loader_parameters\": {\"contrasts\": {\"train_validation\": 3}}}", 1, 58, "loader_parameters.contrast_params.training_validation", "allowed: a list of texts.")]
    public void The_message_says_where_what_and_what_else(string file, string text, int line, int column, string key, string says)
    {
        SegException error = Assert.Throws<SegException>(() => ConfigReader.Parse(text, file, SegEngine.Catalog, _ => { }));

        ConfigProblem problem = Assert.IsType<ConfigProblem[]>(error.TargetItem)[0];
        Assert.Equal((file, line, column), (problem.File, problem.Line, problem.Column));
        Assert.StartsWith(key, problem.Key, StringComparison.Ordinal);
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
        Assert.Contains($"{file}: line {line}, column {column}: {problem.Key}: ", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Mistakes that are made by hand: the advice says what to write.</summary>
    [Theory]
    [InlineData("c.json", "{\"path_output\": \"C:\\Users\"}", "Write each backslash twice, or use / in paths.")]
    [InlineData("c.json", "{'command': 'train'}", "straight double quotes")]
    [InlineData("c.json", "{\"command\": “train”}", "straight double quotes")]
    [InlineData("c.json", "{command: \"train\"}", "in double quotes")]
    [InlineData("c.json", "{\"debugging\": True}", "JSON knows true, false and null")]
    [InlineData("c.json", "{\"split_path\": None}", "JSON knows true, false and null")]
    [InlineData("c.json", "{\"split_dataset\": {\"train_fraction\": 0,6}}", "0.5, not 0,5")]
    [InlineData("c.json", "{\"split_dataset\": {\"train_fraction\": .6}}", "Write a 0 before the point.")]
    [InlineData("c.json", "{\"default_model\": {\"depth\": 03}}", "leading zero")]
    [InlineData("c.json", "{\"command\": \"train\",, \"gpu\": 0}", "Remove the comma")]
    [InlineData("c.json", "{\"command\": \"train\"\n \"gpu_ids\": [0]}", "A comma is probably missing")]
    [InlineData("c.json", "{\"command\": \"train\"\n", "Close what is open")]
    [InlineData("c.json", "{} trailing", "Remove what stands after")]
    [InlineData("c.json", "{\"command\": \"train\" # now\n}", "Begin comments with //")]
    [InlineData("c.json", " \n", "Check that it is the right file")]
    [InlineData("c.yaml", "# nothing\n", "Check that it is the right file")]
    [InlineData("c.yaml", "default_model:\n\tdepth: 3\n", "Indent with spaces")]
    [InlineData("c.yaml", "path_output: \"C:\\Users\"\n", "write paths without quotes")]
    [InlineData("c.yaml", "model_name: a: b\n", "Check indentation, colons and brackets")]
    public void The_advice_says_what_to_write(string file, string text, string advice)
    {
        SegException error = Assert.Throws<SegException>(() => ConfigReader.Parse(text, file, SegEngine.Catalog, _ => { }));

        Assert.Equal("ConfigSyntax", error.ErrorId);
        Assert.Contains(advice, error.Recommendation, StringComparison.Ordinal);
    }

    /// <summary>Values of another form than meant: the message says what to write.</summary>
    [Theory]
    [InlineData("default_model: {depth: '3'}", "ConfigWrongType", "Write 3 without quotes.")]
    [InlineData("split_dataset:\n  train_fraction: 0,6", "ConfigWrongType", "Write 0.6 with a point.")]
    [InlineData("transformation:\n  Resample: {hspace: '0,75', wspace: 1}", "ConfigWrongType", "Write 0.75 with a point.")]
    [InlineData("transformation:\n  CenterCrop: {size: ['128', 128]}", "ConfigWrongType", "Write 128 without quotes.")]
    [InlineData("loader_parameters: {multichannel: yes}", "ConfigWrongType", "Write true without quotes.")]
    [InlineData("loader_parameters: {soft_gt: 'False'}", "ConfigWrongType", "Write false without quotes.")]
    [InlineData("debugging: 0", "ConfigWrongType", "Write false.")]
    [InlineData("training_parameters: {loss: FocalLoss}", "ConfigWrongType", "Write {\"name\": \"FocalLoss\"}.")]
    [InlineData("path_output: \"C:\\temp\"", "ConfigNotAllowed", "with a tab; control characters are not allowed")]
    [InlineData("loader_parameters: {path_data: [\"D:\\new\"]}", "ConfigNotAllowed", "each backslash is written twice")]
    [InlineData("metadata: age", "ConfigUnknownKey", "belongs to loader_parameters.subject_selection.metadata or FiLMedUnet.metadata.")]
    [InlineData("bids_path: data", "ConfigUnknownKey", "belongs to loader_parameters.path_data.")]
    [InlineData("slice_filter: {filter_empty_mask: true}", "ConfigUnknownKey", "belongs to loader_parameters.slice_filter_params.")]
    [InlineData("loader_parameters: {contrasts: T2w}", "ConfigUnknownKey", "or loader_parameters.contrast_params.")]
    [InlineData("split_dataset: {method: per_centre}", "ConfigNotAllowed", "found text \"per_centre\"; allowed: per_patient, per_center;")]
    [InlineData("transformation:\n  - NormalizeInstance", "ConfigWrongType", "in YAML without dashes.")]
    [InlineData("model_name:seg", "ConfigWrongType", "Put a space after each colon.")]
    [InlineData("training_parameters: {transformation: {}}", "ConfigUnknownKey", "belongs to the top level.")]
    [InlineData("model_name: nul", "ConfigNotAllowed", "allowed: up to 100 letters")]
    public void The_message_says_what_to_write(string yaml, string errorId, string says)
    {
        SegException error = Assert.Throws<SegException>(() => ConfigReader.Parse(yaml, "c.yaml", SegEngine.Catalog, _ => { }));

        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tab_that_indents_is_named_where_it_stands()
    {
        SegException error = Assert.Throws<SegException>(
            () => ConfigReader.Parse("command: train\ndefault_model:\n\tdepth: 3\n", "c.yaml", SegEngine.Catalog, _ => { }));

        Assert.Contains("c.yaml: line 3, column 1: not valid YAML: a tab indents the line.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_transform_that_is_no_object_is_one_problem() => Assert.Single(
        (ConfigProblem[])Assert.Throws<SegException>(
            () => ConfigReader.Parse("transformation: {CenterCrop: 128}", "c.yaml", SegEngine.Catalog, _ => { })).TargetItem!);

    [Fact]
    public void There_are_many_cases() => Assert.True(Cases.Count >= 60, $"{Cases.Count} cases");

    private static TheoryData<string, string, string, int, string> Build()
    {
        var cases = new TheoryData<string, string, string, int, string>();
        void Json(string text, string id, int line, string key = "") => cases.Add("c.json", text, id, line, key);
        void Yaml(string text, string id, int line, string key = "") => cases.Add("c.yaml", text, id, line, key);

        JsonDocuments(Json);
        YamlDocuments(Yaml);
        UnknownKeys(Json, Yaml);
        WrongTypes(Json, Yaml);
        OutOfRange(Json, Yaml);
        Components(Json, Yaml);
        return cases;
    }

    private delegate void Add(string text, string id, int line, string key = "");

    private static void JsonDocuments(Add json)
    {
        json("", "ConfigSyntax", 1);
        json("   \n  ", "ConfigSyntax", 2);
        json("{", "ConfigSyntax", 1);
        json("{\n  \"command\": \"train\"\n  \"debugging\": true\n}", "ConfigSyntax", 3);
        json("{\n  \"debugging\": True\n}", "ConfigSyntax", 2);
        json("{\n  \"command\": 'train'\n}", "ConfigSyntax", 2);
        json("{\n  \"training_parameters\": {\"batch_size\": NaN}\n}", "ConfigSyntax", 2);
        json("{\n  \"gpu_ids\": [0,\n}", "ConfigSyntax", 3);
        json("{} {}", "ConfigSyntax", 1);
        json("{\n  \"model_name\": \"a\nb\"\n}", "ConfigSyntax", 2);
        json("[1, 2]", "ConfigWrongType", 1);
        json("\"train\"", "ConfigWrongType", 1);
        json("null", "ConfigWrongType", 1);
        json("{\n  \"command\": \"train\",\n  \"command\": \"test\"\n}", "ConfigDuplicateKey", 3, "command");
        json("{\"default_model\": {\n  \"depth\": 2,\n  \"depth\": 3}}", "ConfigDuplicateKey", 3, "default_model.depth");
        json("{\"transformation\": {\"CenterCrop\": {\"size\": [1, 2],\n \"size\": [3, 4]}}}", "ConfigDuplicateKey", 2, "transformation.CenterCrop.size");
        json("{\"a\":" + new string('[', 40) + new string(']', 40) + "}", "ConfigTooDeep", 1);
        json("<!DOCTYPE html>\n<html></html>", "ConfigSyntax", 1);
    }

    private static void YamlDocuments(Add yaml)
    {
        yaml("", "ConfigSyntax", 1);
        yaml("# only a comment\n", "ConfigSyntax", 2);
        yaml("command: [train", "ConfigSyntax", 2);
        yaml("gpu_ids: [1\nb: c\n", "ConfigSyntax", 1);
        yaml("model_name: \"\\U00110000\"\n", "ConfigSyntax", 1);
        yaml("model_name: \"spine\n", "ConfigSyntax", 1);
        yaml("command: train\n  debugging: true\n", "ConfigSyntax", 2);
        yaml("command: train\n\tdebugging: true\n", "ConfigSyntax", 2);
        yaml("command: train\n---\ncommand: test\n", "ConfigSyntax", 2);
        yaml("- a\n- b\n", "ConfigWrongType", 1);
        yaml("just text\n", "ConfigWrongType", 1);
        yaml("command: train\ncommand: test\n", "ConfigDuplicateKey", 2, "command");
        yaml("default_model:\n  depth: 2\n  depth: 3\n", "ConfigDuplicateKey", 3, "default_model.depth");
        yaml("postprocessing:\n  keep_largest: {}\n  fill_holes: {}\n  keep_largest: {}\n", "ConfigDuplicateKey", 4, "postprocessing.keep_largest");
        yaml("model_name: !!python/object:os.system x\n", "ConfigYamlTag", 1);
        yaml("loader_parameters: !Section\n  multichannel: true\n", "ConfigYamlTag", 1);
        yaml("model_name: *missing\n", "ConfigSyntax", 1);
        yaml("gpu_ids: &a [*a]\n", "ConfigSyntax", 1);
        yaml("? [a, b]\n: 1\n", "ConfigSyntax", 1);
        yaml("gpu_ids: " + new string('[', 40) + new string(']', 40) + "\n", "ConfigTooDeep", 1);
        yaml(Bomb(), "ConfigTooLarge", 10);
    }

    /// <summary>Each line holds ten aliases of the line before: ten to the eighth values in nine lines.</summary>
    private static string Bomb()
    {
        var lines = new List<string> { "a0: &a0 [x, x, x, x, x, x, x, x, x, x]" };
        for (int i = 1; i <= 8; i++)
        {
            lines.Add($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]");
        }

        return string.Join('\n', Enumerable.Repeat("# hostile", 4).Concat(lines)) + "\n";
    }

    private static void UnknownKeys(Add json, Add yaml)
    {
        json("{\n  \"comand\": \"train\"\n}", "ConfigUnknownKey", 2, "comand");
        json("{\n  \"training_parameters\": {\n    \"batchsize\": 4\n  }\n}", "ConfigUnknownKey", 3, "training_parameters.batchsize");
        json("{\n  \"batch_size\": 4\n}", "ConfigUnknownKey", 2, "batch_size");
        json("{\"loader_parameters\": {\n\"slice_filter_params\": {\n\"filter_emptymask\": true}}}", "ConfigUnknownKey", 3, "loader_parameters.slice_filter_params.filter_emptymask");
        json("{\"split_dataset\": {\n\"method\": \"per_moon\"}}", "ConfigNotAllowed", 2, "split_dataset.method");
        json("{\"default_model\": {\"Depth\": 3}}", "ConfigUnknownKey", 1, "default_model.Depth");
        yaml("default_model:\n  n_filter: 8\n", "ConfigUnknownKey", 2, "default_model.n_filter");
        yaml("testing_parameters:\n  something: 1\n", "ConfigUnknownKey", 1, "testing_parameters");
        yaml("base: &b {a: 1}\n", "ConfigUnknownKey", 1, "base");
        yaml("uncertainty:\n  <<: {n_it: 2}\n", "ConfigUnknownKey", 2, "uncertainty.<<");
    }

    private static void WrongTypes(Add json, Add yaml)
    {
        json("{\n\"training_parameters\": {\n\"batch_size\": \"four\"}}", "ConfigWrongType", 3, "training_parameters.batch_size");
        json("{\"training_parameters\": {\"batch_size\": 4.5}}", "ConfigWrongType", 1, "training_parameters.batch_size");
        json("{\"training_parameters\": {\"batch_size\": null}}", "ConfigWrongType", 1, "training_parameters.batch_size");
        json("{\"training_parameters\": {\"batch_size\": [4]}}", "ConfigWrongType", 1, "training_parameters.batch_size");
        json("{\"training_parameters\": 5}", "ConfigWrongType", 1, "training_parameters");
        json("{\"object_detection_params\": null}", "ConfigWrongType", 1, "object_detection_params");
        json("{\"training_parameters\": {\"balance_samples\": \"yes\"}}", "ConfigWrongType", 1, "training_parameters.balance_samples");
        json("{\"debugging\": \"true\"}", "ConfigWrongType", 1, "debugging");
        json("{\"debugging\": 1}", "ConfigWrongType", 1, "debugging");
        json("{\"model_name\": 5}", "ConfigWrongType", 1, "model_name");
        json("{\"gpu_ids\": [0,\n\"one\"]}", "ConfigWrongType", 2, "gpu_ids[1]");
        json("{\"default_model\": {\"length_2D\": [64]}}", "ConfigWrongType", 1, "default_model.length_2D");
        json("{\"loader_parameters\": {\"target_suffix\": [[\"_a\"], []]}}", "ConfigWrongType", 1, "loader_parameters.target_suffix[1]");
        json("{\"loader_parameters\": {\"target_suffix\": {\"a\": 1}}}", "ConfigWrongType", 1, "loader_parameters.target_suffix");
        json("{\"loader_parameters\": {\"contrast_params\": {\"balance\": {\"T1w\": \"half\"}}}}", "ConfigWrongType", 1, "loader_parameters.contrast_params.balance.T1w");
        yaml("debugging: yes\n", "ConfigWrongType", 1, "debugging");
        yaml("loader_parameters:\n  path_data:\n    a: b\n", "ConfigWrongType", 3, "loader_parameters.path_data");
        yaml("split_dataset:\n  train_fraction: 60 %\n", "ConfigWrongType", 2, "split_dataset.train_fraction");
        yaml("transformation: [Resample]\n", "ConfigWrongType", 1, "transformation");
        yaml("model_name:\n", "ConfigWrongType", 1, "model_name");
    }

    private static void OutOfRange(Add json, Add yaml)
    {
        json("{\"training_parameters\": {\"batch_size\": 0}}", "ConfigOutOfRange", 1, "training_parameters.batch_size");
        json("{\"training_parameters\": {\"batch_size\": 99999999999}}", "ConfigOutOfRange", 1, "training_parameters.batch_size");
        json("{\"training_parameters\": {\"scheduler\": {\n\"initial_lr\": 0}}}", "ConfigOutOfRange", 2, "training_parameters.scheduler.initial_lr");
        json("{\"training_parameters\": {\"scheduler\": {\"initial_lr\": 1e999}}}", "ConfigOutOfRange", 1, "training_parameters.scheduler.initial_lr");
        json("{\"split_dataset\": {\"train_fraction\": 1.2}}", "ConfigOutOfRange", 1, "split_dataset.train_fraction");
        json("{\"default_model\": {\"depth\": -1}}", "ConfigOutOfRange", 1, "default_model.depth");
        json("{\"split_dataset\": {\"random_seed\": 5000000000}}", "ConfigOutOfRange", 1, "split_dataset.random_seed");
        json("{\"gpu_ids\": [-1]}", "ConfigOutOfRange", 1, "gpu_ids[0]");
        yaml("default_model:\n  dropout_rate: 1.5\n", "ConfigOutOfRange", 2, "default_model.dropout_rate");
        yaml("default_model:\n  bn_momentum: .nan\n", "ConfigOutOfRange", 2, "default_model.bn_momentum");
        yaml("command: trian\n", "ConfigNotAllowed", 1, "command");
        yaml("loader_parameters:\n  slice_axis: Axial\n", "ConfigNotAllowed", 2, "loader_parameters.slice_axis");
        json("{\"default_model\": {\"final_activation\": \"tanh\"}}", "ConfigNotAllowed", 1, "default_model.final_activation");
    }

    private static void Components(Add json, Add yaml)
    {
        json("{\"training_parameters\": {\"loss\": {\n\"name\": \"DiceLos\"}}}", "ConfigUnknownComponent", 2, "training_parameters.loss.name");
        json("{\"default_model\": {\n\"name\": \"Unett\"}}", "ConfigUnknownComponent", 2, "default_model.name");
        json("{\"training_parameters\": {\"loss\": {\n\"gamma\": 2}}}", "ConfigMissingParameter", 1, "training_parameters.loss.name");
        json("{\"training_parameters\": {\"loss\": \"DiceLoss\"}}", "ConfigWrongType", 1, "training_parameters.loss");
        json("{\"training_parameters\": {\"loss\": {\"name\": 3}}}", "ConfigWrongType", 1, "training_parameters.loss.name");
        json("{\"training_parameters\": {\"loss\": {\"name\": \"FocalLoss\",\n\"gama\": 2}}}", "ConfigUnknownKey", 2, "training_parameters.loss.gama");
        json("{\"training_parameters\": {\"loss\": {\"name\": \"FocalLoss\",\n\"alpha\": 2}}}", "ConfigOutOfRange", 2, "training_parameters.loss.alpha");
        json("{\"training_parameters\": {\"scheduler\": {\"lr_scheduler\": {\"name\": \"Cosine\"}}}}", "ConfigUnknownComponent", 1, "training_parameters.scheduler.lr_scheduler.name");
        yaml("transformation:\n  Resampel: {hspace: 1, wspace: 1}\n", "ConfigUnknownComponent", 2, "transformation.Resampel");
        yaml("transformation:\n  Resample: {hspace: 1}\n", "ConfigMissingParameter", 2, "transformation.Resample.wspace");
        yaml("transformation:\n  Resample:\n    hspace: 0\n    wspace: 1\n", "ConfigOutOfRange", 3, "transformation.Resample.hspace");
        yaml("transformation:\n  CenterCrop: {size: [128]}\n", "ConfigWrongType", 2, "transformation.CenterCrop.size");
        yaml("transformation:\n  CenterCrop: {size: [128, 12.5]}\n", "ConfigWrongType", 2, "transformation.CenterCrop.size");
        yaml("transformation:\n  NormalizeInstance: {applied_to: [image]}\n", "ConfigNotAllowed", 2, "transformation.NormalizeInstance.applied_to");
        yaml("transformation:\n  NormalizeInstance: {dataset_type: 3}\n", "ConfigWrongType", 2, "transformation.NormalizeInstance.dataset_type");
        yaml("transformation:\n  NormalizeInstance:\n", "ConfigWrongType", 2, "transformation.NormalizeInstance");
        yaml("transformation:\n  RandomReverse: {axis: 1}\n", "ConfigUnknownKey", 2, "transformation.RandomReverse.axis");
        yaml("postprocessing:\n  keep_biggest: {}\n", "ConfigUnknownComponent", 2, "postprocessing.keep_biggest");
        yaml("postprocessing:\n  binarize_prediction: {thr: 2}\n", "ConfigOutOfRange", 2, "postprocessing.binarize_prediction.thr");
        yaml("postprocessing:\n  remove_small: {unit: cm}\n", "ConfigNotAllowed", 2, "postprocessing.remove_small.unit");
    }
}
