using CsCheck;
using Yolact.Edge.Configuration.Remote;

namespace Yolact.Edge.Tests.Configuration.Remote;

public sealed class DocumentVersionTests
{
    [Theory]
    [InlineData("1", "2")]
    [InlineData("9", "10")]
    [InlineData("1.9", "1.10")]
    [InlineData("1.10", "2")]
    [InlineData("1", "1.0")]
    [InlineData("2026-11-09", "2026-11-10")]
    [InlineData("v9-rc", "v10")]
    [InlineData("007", "7")]
    [InlineData("99999999999999999999999999", "100000000000000000000000000")]
    public void Runs_of_digits_count_as_numbers(string older, string newer)
    {
        Assert.True(DocumentVersion.Compare(older, newer) < 0);
        Assert.True(DocumentVersion.Compare(newer, older) > 0);
        Assert.Equal(0, DocumentVersion.Compare(newer, newer));
    }

    [Fact]
    public void It_is_an_order()
    {
        Gen<string> version = Gen.String[Gen.Char["0123a.-"], 0, 6];
        Gen.Select(version, version, version).Sample((a, b, c) =>
        {
            Assert.Equal(Math.Sign(DocumentVersion.Compare(a, b)), -Math.Sign(DocumentVersion.Compare(b, a)));
            Assert.Equal(a == b, DocumentVersion.Compare(a, b) == 0);
            if (DocumentVersion.Compare(a, b) <= 0 && DocumentVersion.Compare(b, c) <= 0)
                Assert.True(DocumentVersion.Compare(a, c) <= 0);
        }, iter: 20_000);
    }
}
