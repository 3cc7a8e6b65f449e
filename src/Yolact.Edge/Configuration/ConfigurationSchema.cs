namespace Yolact.Edge.Configuration;

/// <summary>The JSON Schema (2020-12) of the configuration, as it ships with the program: editors complete and check with it.</summary>
public static class ConfigurationSchema
{
    private const string Resource = "appliance.schema.json";

    /// <summary>The text of the schema.</summary>
    public static string Text
    {
        get
        {
            using Stream stream = typeof(ConfigurationSchema).Assembly.GetManifestResourceStream(Resource)!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }
}
