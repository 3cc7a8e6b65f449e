using Yolact.Edge.Imaging;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.TestSupport;

namespace Yolact.Edge.Vision.Tests;

/// <summary>
/// A tiny network of the full kind (deformable blocks, re-scoring) with made-up weights, written by the real graph builder.
/// </summary>
public sealed class SmallModel : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-small-");

    public SmallModel()
    {
        Files = Write("small");
        BytesFiles = Write("small-bytes", new ImportOptions { Input = InputForm.Uint8 });
    }

    public static YolactConfig Config { get; } = new()
    {
        Name = "small",
        InputSize = 256,
        Backbone =
            new BackboneConfig { Blocks = [1, 1, 1, 1], Width = 8, Deformable = new DeformableConfig { Layers = [0, 1, 1, 1] } },
        Pyramid = new PyramidConfig { Channels = 16 },
        Prototypes = new PrototypeConfig { Count = 8, Channels = 16 },
        Anchors = new AnchorConfig { Scales = NamedConfigs.OnePerLevel([24, 48, 96, 192, 300]) },
        MaskRescoring = new MaskRescoringConfig(),
        Classes = ["bolt", "nut", "washer", "spring", "gear"],
    };

    /// <summary>The folder, for files of a test's own.</summary>
    public string Folder => _folder.FullName;

    public ModelFiles Files { get; }

    /// <summary>The same network with a uint8 input.</summary>
    public ModelFiles BytesFiles { get; }

    /// <summary>The same network in another form.</summary>
    public ModelFiles Write(string name, ImportOptions? options = null) => SyntheticModel.Write(Config, Folder, name, options);

    /// <summary>Blobs of random colour on a random ground, so that detections differ in place, class and mask.</summary>
    public static Frame Picture(int width, int height, int seed, FramePool pool)
    {
        Frame frame = pool.Rent(FrameLayout.Packed(width, height, PixelFormat.Rgb24));
        var random = new Random(seed);
        var blobs = Enumerable.Range(0, 12).Select(_ =>
            (X: random.Next(width), Y: random.Next(height), R: random.Next(5, 5 + (Math.Min(width, height) / 4)),
                Colour: random.Next())).ToArray();
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = frame.Row(y);
            for (int x = 0; x < width; x++)
            {
                int colour = 0x404040 + (x * 60 / width);
                foreach ((int bx, int by, int r, int c) in blobs)
                {
                    if (((x - bx) * (x - bx)) + ((y - by) * (y - by)) < r * r)
                        colour = c;
                }
                (row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]) = ((byte)colour, (byte)(colour >> 8), (byte)(colour >> 16));
            }
        }
        return frame;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
