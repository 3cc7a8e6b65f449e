using Yolact.Edge.Detecting;
using Yolact.Edge.Model.Configs;

namespace Yolact.Edge.Tests.Detecting;

public sealed class PictureInputsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-inputs-");

    public PictureInputsTests()
    {
        Directory.CreateDirectory(In("deeper"));
        foreach (string name in (string[])["b.png", "a.JPG", "notes.txt", "deeper/c.webp"])
            File.WriteAllText(In(name), "");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_is_itself_whatever_it_is_called() =>
        Assert.Equal([In("notes.txt")], PictureInputs.Resolve(In("notes.txt")));

    [Fact]
    public void A_folder_is_its_pictures_in_order() =>
        Assert.Equal([In("a.JPG"), In("b.png"), In("deeper/c.webp")], PictureInputs.Resolve(_folder.FullName));

    [Fact]
    public void A_pattern_is_what_matches_it() =>
        Assert.Equal([In("b.png")], PictureInputs.Resolve(In("*.png")));

    [Theory]
    [InlineData("none.png")]
    [InlineData("*.bmp")]
    [InlineData("nowhere/*.png")]
    public void Nothing_is_an_error_that_names_it(string input)
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => PictureInputs.Resolve(In(input)));
        Assert.Contains(input, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Coco_networks_have_cocos_ids_and_others_count_from_one()
    {
        Assert.Equal(90, CategoryIds.Of(NamedConfigs.Find("yolact_base")!)[79]);
        Assert.Equal(Enumerable.Range(1, 20), CategoryIds.Of(NamedConfigs.Find("yolact_resnet50_pascal")!));
        Assert.Equal(139, CategoryIds.OfPicture("x/000000000139.jpg", 5));
        Assert.Equal(5, CategoryIds.OfPicture("x/belt.jpg", 5));
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
