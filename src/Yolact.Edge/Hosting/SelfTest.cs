using Yolact.Edge.Configuration;
using Yolact.Edge.Configuration.Remote;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Pictures;

namespace Yolact.Edge.Hosting;

/// <summary>Whether a network can be trusted with the camera's frames: it is shown a stored picture first.</summary>
public static class SelfTest
{
    private const string Bundled = "Hosting/self-test.jpg";

    /// <summary>Shows the picture to the network.</summary>
    /// <param name="detector">The network.</param>
    /// <param name="options">The picture and what must be seen.</param>
    /// <exception cref="ConfigurationFailedException">It sees nonsense, or less than it must, or fails.</exception>
    public static void Run(Detector detector, SelfTestOptions options)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            using Frame picture = options.Picture is { } path ? PictureFile.Read(path, new FramePool(keep: 0)) : BundledPicture();
            using DetectionList seen = detector.Detect(picture);
            foreach (Detection one in seen)
            {
                if (!float.IsFinite(one.Score) || !float.IsFinite(one.Box.X1 + one.Box.Y1 + one.Box.X2 + one.Box.Y2))
                    throw new ConfigurationFailedException("/model", "the network's numbers for the self-test picture are not finite; it is damaged or does not fit its runtime");
            }
            if (seen.Count < options.MinObjects)
                throw new ConfigurationFailedException("/model/self_test", $"the network sees {seen.Count} objects in the self-test picture, at least {options.MinObjects} must be seen");
        }
        catch (PictureException error)
        {
            throw new ConfigurationFailedException("/model/self_test/picture", error.Message, error);
        }
        catch (Exception error) when (error is not (ConfigurationFailedException or OutOfMemoryException))
        {
            throw new ConfigurationFailedException("/model", $"the network fails on the self-test picture: {error.Message}", error);
        }
    }

    // Three parts on the belt, which comes with the program.
    private static Frame BundledPicture()
    {
        using Stream stream = typeof(SelfTest).Assembly.GetManifestResourceStream(Bundled)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return PictureFile.Decode(content, Bundled, new FramePool(keep: 0));
    }
}
