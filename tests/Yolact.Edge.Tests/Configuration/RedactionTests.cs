using System.Text.Json.Nodes;
using Yolact.Edge.Configuration;

namespace Yolact.Edge.Tests.Configuration;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("rtsp://user:secret@host/stream", "rtsp://***@host/stream")]
    [InlineData("rtsp://user:se@cret@host", "rtsp://***@host")]
    [InlineData("rtsp://host/stream@2", "rtsp://host/stream@2")]
    [InlineData("rtspsrc location=rtsp://u:p@a/b ! x location=http://v:q@c", "rtspsrc location=rtsp://***@a/b ! x location=http://***@c")]
    [InlineData("/dev/video0", "/dev/video0")]
    [InlineData("://", "://")]
    public void Names_and_passwords_in_addresses_are_hidden(string text, string shown) => Assert.Equal(shown, Redaction.Text(text));

    [Fact]
    public void A_document_is_shown_without_them()
    {
        JsonObject document = JsonNode.Parse("""{"cameras":[{"source":"rtsp://u:secret@h/","pipeline":"x location=rtsp://u:secret@h"},{"source":null}]}""")!.AsObject();
        Redaction.Apply(document);
        Assert.DoesNotContain("secret", document.ToJsonString(), StringComparison.Ordinal);
    }
}
