namespace Yolact.Edge.Rules;

/// <summary>A polygon in the picture.</summary>
/// <param name="corners">At least 3 corners, [x, y] each.</param>
internal sealed class Zone(IReadOnlyList<IReadOnlyList<double>> corners)
{
    private readonly (double X, double Y)[] _corners = [.. corners.Select(corner => (corner[0], corner[1]))];

    /// <summary>
    /// Even-odd rule: a ray from the point to the right crosses the outline an odd number of times. An edge counts from its upper corner
    /// (inclusive) to its lower one (exclusive), so that a corner on the ray counts once.
    /// </summary>
    public bool Contains(double x, double y)
    {
        bool inside = false;
        (double X, double Y) from = _corners[^1];
        foreach ((double X, double Y) to in _corners)
        {
            if ((from.Y <= y) != (to.Y <= y) && x < from.X + ((y - from.Y) / (to.Y - from.Y) * (to.X - from.X)))
                inside = !inside;
            from = to;
        }
        return inside;
    }
}
