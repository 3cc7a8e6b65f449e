namespace Yolact.Edge.Model.Checkpoints.Pickling;

/// <summary>Finds the tensors in what a checkpoint's pickle describes.</summary>
internal static class StateDict
{
    private const int MaxTensors = 1 << 16;
    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model"];

    /// <summary>The tensors of the root, or of the state dict that a training script put inside of it.</summary>
    public static IReadOnlyList<(string Name, PickledTensor Tensor)> Find(CheckpointFile file, object? root)
    {
        if (root is not PickleDictionary dictionary)
            throw file.Error("holds no dictionary of tensors; save the network's state_dict");
        List<(string, PickledTensor)> tensors = Tensors(file, dictionary);
        for (int i = 0; tensors.Count == 0 && i < Wrappers.Length; i++)
        {
            if (dictionary[Wrappers[i]] is PickleDictionary inner)
                tensors = Tensors(file, inner);
        }
        return tensors.Count > 0 ? tensors : throw file.Error("holds a dictionary without tensors; save the network's state_dict");
    }

    private static List<(string, PickledTensor)> Tensors(CheckpointFile file, PickleDictionary dictionary)
    {
        var tensors = new List<(string, PickledTensor)>();
        foreach ((string name, object? value) in dictionary.Items)
        {
            if (value is PickledTensor tensor)
                tensors.Add((CheckName(file, name), tensor));
            if (tensors.Count > MaxTensors)
                throw file.Error($"holds more than {MaxTensors} tensors");
        }
        return tensors;
    }

    /// <summary>Names end up in messages and metadata: they are short and printable.</summary>
    public static string CheckName(CheckpointFile file, string name) =>
        name.Length is > 0 and <= PickleDictionary.MaxKeyLength && !name.Any(char.IsControl)
            ? name
            : throw file.Error($"has a tensor whose name is empty, unprintable or longer than {PickleDictionary.MaxKeyLength} characters");
}
