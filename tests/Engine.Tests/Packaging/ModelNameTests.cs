using MedSeg.Engine.Packaging;
using Xunit;

namespace MedSeg.Engine.Tests.Packaging;

public class ModelNameTests
{
    [Theory]
    [InlineData("my_model")]
    [InlineData("spine-T2w v1.2")]
    [InlineData("моделька")]
    public void Plain_names_are_accepted(string name) => ModelName.Require(name);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("c:x")]
    [InlineData("nul")]
    [InlineData("COM1.txt")]
    [InlineData("trailing.")]
    [InlineData("trailing ")]
    [InlineData("checkpoints")]
    [InlineData("a\0b")]
    [InlineData("star*")]
    public void Names_that_are_no_folder_somewhere_are_refused(string name) =>
        Assert.Equal("ModelNameInvalid", Assert.Throws<SegException>(() => ModelName.Require(name)).ErrorId);
}
