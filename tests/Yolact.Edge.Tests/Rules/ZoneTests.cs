using CsCheck;
using Yolact.Edge.Rules;

namespace Yolact.Edge.Tests.Rules;

public sealed class ZoneTests
{
    [Fact]
    public void A_triangle_holds_the_points_that_lie_on_the_same_side_of_its_edges() =>
        Gen.Double[0, 10].Array[6].Select(Gen.Double[0, 10], Gen.Double[0, 10]).Sample((c, x, y) =>
        {
            double a = Side(c[0], c[1], c[2], c[3], x, y), b = Side(c[2], c[3], c[4], c[5], x, y), d = Side(c[4], c[5], c[0], c[1], x, y);
            // Too near an edge the two computations may round differently.
            if (Math.Min(Math.Abs(a), Math.Min(Math.Abs(b), Math.Abs(d))) < 1e-9)
                return true;
            bool inside = (a > 0) == (b > 0) && (b > 0) == (d > 0);
            return new Zone([[c[0], c[1]], [c[2], c[3]], [c[4], c[5]]]).Contains(x, y) == inside;
        }, iter: 5000);

    [Fact]
    public void Zones_that_share_an_edge_never_share_a_point() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20]).Sample((x, y) =>
        {
            bool left = new Zone([[0, 0], [10, 0], [10, 20], [0, 20]]).Contains(x, y);
            bool right = new Zone([[10, 0], [20, 0], [20, 20], [10, 20]]).Contains(x, y);
            return !(left && right) && (left || right) == (x < 20 && y < 20);
        });

    private static double Side(double ax, double ay, double bx, double by, double x, double y) => ((bx - ax) * (y - ay)) - ((by - ay) * (x - ax));
}
