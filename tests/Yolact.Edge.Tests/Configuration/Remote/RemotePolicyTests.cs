using System.Text;
using System.Text.Json.Nodes;
using Yolact.Edge.Configuration;
using Yolact.Edge.Configuration.Remote;

namespace Yolact.Edge.Tests.Configuration.Remote;

public sealed class RemotePolicyTests
{
    private const string LocalJson = """
        {
          "device": "press-3",
          "mqtt": { "host": "plant", "username": "press-3", "password_file": "/run/secrets/mqtt" },
          "cameras": [ { "kind": "custom", "pipeline": "videotestsrc ! appsink name=picture" } ],
          "remote": { "folders": [ "/srv/data" ], "locked": [ "/gpio" ] }
        }
        """;

    private static readonly LoadedConfiguration Local = ConfigurationLoader.Parse(Encoding.UTF8.GetBytes(LocalJson), "test");

    [Theory]
    [InlineData("""{"device":"press-4"}""", "/device")]
    [InlineData("""{"remote":{"locked":[]}}""", "/remote")]
    [InlineData("""{"remote":null}""", "/remote")]
    [InlineData("""{"telemetry":{"root":"/srv/data"}}""", "/telemetry/root")]
    [InlineData("""{"mqtt":{"password_file":"/etc/shadow"}}""", "/mqtt/password_file")]
    [InlineData("""{"mqtt":{"password_file":"/srv/data/../../etc/shadow"}}""", "/mqtt/password_file")]
    [InlineData("""{"mqtt":{"password_file":"shadow"}}""", "/mqtt/password_file")]
    [InlineData("""{"mqtt":{"tls":{"ca_file":"/dev/zero"}}}""", "/mqtt/tls/ca_file")]
    [InlineData("""{"mqtt":{"tls":{"certificate_file":"/etc/shadow","key_file":"/etc/passwd"}}}""", "/mqtt/tls/certificate_file /mqtt/tls/key_file")]
    [InlineData("""{"model":{"path":"/etc/passwd"}}""", "/model/path")]
    [InlineData("""{"model":{"path":"../passwd"}}""", "/model/path")]
    [InlineData("""{"model":{"public_key_file":"/srv/data/key.pem"}}""", "/model/public_key_file")]
    [InlineData("""{"model":{"self_test":{"picture":"/etc/passwd"}}}""", "/model/self_test/picture")]
    [InlineData("""{"cameras":[{"kind":"custom","pipeline":"filesrc location=/etc/passwd ! appsink name=picture"}]}""", "/cameras/0/pipeline")]
    [InlineData("""{"cameras":[{"kind":"folder","source":"/etc"}]}""", "/cameras/0/source")]
    [InlineData("""{"cameras":[{"kind":"file","source":"/srv/database"}]}""", "/cameras/0/source")]
    [InlineData("""{"cameras":[{"kind":"usb","source":"/dev/sda"}]}""", "/cameras/0/source")]
    [InlineData("""{"cameras":[{"kind":"usb","source":"/dev/v4l/by-id/../../sda"}]}""", "/cameras/0/source")]
    [InlineData("""{"cameras":[{"kind":"rtsp","source":"file:///etc/passwd"}]}""", "/cameras/0/source")]
    [InlineData("""{"gpio":{"outputs":[]}}""", "/gpio")]
    public void What_a_remote_document_may_not_do_is_refused(string json, string pointers)
    {
        DesiredDocument desired = Check(json);
        Assert.Null(desired.Effective);
        string[] refused = [.. desired.Errors.Select(error => error.Pointer)];
        Assert.All(pointers.Split(' '), pointer => Assert.Contains(pointer, refused));
    }

    [Theory]
    [InlineData("""{"device":"press-3","mqtt":{"password_file":"/run/secrets/mqtt"}}""")]
    [InlineData("""{"mqtt":{"host":"elsewhere","password_file":"/srv/data/password"}}""")]
    [InlineData("""{"mqtt":{"username":null,"password_file":null}}""")]
    [InlineData("""{"model":{"path":"yolact_belt"}}""")]
    [InlineData("""{"model":{"path":"/srv/data/model.onnx"}}""")]
    [InlineData("""{"cameras":[{"kind":"custom","pipeline":"videotestsrc ! appsink name=picture","fps":5}]}""")]
    [InlineData("""{"cameras":[{"kind":"usb","source":"/dev/video0"}]}""")]
    [InlineData("""{"cameras":[{"kind":"rtsp","source":"rtsp://camera-1/stream"}]}""")]
    [InlineData("""{"cameras":[{"kind":"folder","source":"/srv/data/pictures"}]}""")]
    public void What_it_may_do_is_let_through(string json)
    {
        DesiredDocument desired = Check(json);
        Assert.True(desired.Effective is not null, string.Join('\n', desired.Errors));
    }

    [Fact]
    public void Every_setting_that_names_something_outside_is_known_to_the_policy()
    {
        string[] known = [.. RemotePolicy.Locked, .. RemotePolicy.Files, "/model/path", "/model/download/url", "/cameras/0/source", "/cameras/0/pipeline"];
        string[] words = ["file", "folder", "path", "root", "library", "source", "pipeline", "picture", "directory", "url", "socket", "command"];
        List<string> unknown = [];
        Walk(JsonNode.Parse(ConfigurationSchema.Text)!.AsObject(), "", pointer =>
        {
            string name = pointer[(pointer.LastIndexOf('/') + 1)..];
            bool outside = name.Split('_').Intersect(words).Any() && !pointer.StartsWith("/remote/", StringComparison.Ordinal) && pointer != "/cameras/0/full_picture";
            if (outside && !known.Any(place => JsonPointer.IsWithin(pointer, place)))
                unknown.Add(pointer);
        });
        Assert.Empty(unknown);
    }

    private static DesiredDocument Check(string json)
    {
        JsonObject content = JsonNode.Parse(json)!.AsObject();
        content["version"] = "1";
        return DesiredDocument.Check(content, Local);
    }

    private static void Walk(JsonObject schema, string pointer, Action<string> visit)
    {
        foreach ((string name, JsonNode? property) in schema["properties"] as JsonObject ?? [])
        {
            visit($"{pointer}/{name}");
            Walk(property!.AsObject(), $"{pointer}/{name}", visit);
        }
        if (schema["items"] is JsonObject items)
            Walk(items, $"{pointer}/0", visit);
    }
}
