using Google.Protobuf;
using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Onnx;

/// <summary>Reads and writes whole graphs, for tools that change them. What runs them need not: see <see cref="Import.OnnxMetadata"/>.</summary>
internal static class ModelReader
{
    /// <summary>Reads a file with its weights.</summary>
    /// <exception cref="InvalidDataException">The file is no ONNX file, or is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelProto Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return ModelProto.Parser.ParseFrom(file);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"{path} is no ONNX file, or is damaged.", error);
        }
    }

    /// <summary>Writes a file; it appears under its name only when it is complete.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(ModelProto model, string path)
    {
        string part = path + ".part";
        try
        {
            using (FileStream file = File.Create(part))
            {
                model.WriteTo(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
