using System.Numerics;

namespace Yolact.Edge.Simulation.Parts;

/// <summary>How a solid's surface is curved: where its normals come from.</summary>
internal enum SurfaceKind
{
    /// <summary>A flat top with rounded edges: normals from the gradient of the blurred outline.</summary>
    Bevel,

    /// <summary>A round bar along <see cref="Surface.Axis"/> through <see cref="Surface.Center"/>.</summary>
    Cylinder,

    /// <summary>A ring of round section around <see cref="Surface.Center"/>.</summary>
    Torus,

    /// <summary>A ball around <see cref="Surface.Center"/>.</summary>
    Sphere,

    /// <summary>A cone around <see cref="Surface.Center"/>: a chamfer (positive slope falls outward) or a countersink
    /// (negative).</summary>
    Cone,
}

/// <summary>A solid's form, in px of the part's own axes.</summary>
/// <param name="Kind">Which of the fields count.</param>
/// <param name="Center">A point on the axis, or the centre.</param>
/// <param name="Axis">Unit direction of a cylinder.</param>
/// <param name="Radius">Radius of a cylinder, ball or torus' centre line.</param>
/// <param name="Width">Width of a bevel, or radius of a torus' section.</param>
/// <param name="Slope">Strength of a bevel or slope of a cone: the horizontal part of the normal, -1..1.</param>
/// <param name="Pitch">Distance of a thread's crests along a cylinder; 0 for none.</param>
internal readonly record struct Surface(
    SurfaceKind Kind, Vector2 Center = default, Vector2 Axis = default, float Radius = 0, float Width = 0, float Slope = 0,
    float Pitch = 0)
{
    public static Surface Bevel(float width, float strength = 0.6f) => new(SurfaceKind.Bevel, Width: width, Slope: strength);

    public static Surface Cylinder(Vector2 center, Vector2 axis, float radius, float pitch = 0) =>
        new(SurfaceKind.Cylinder, center, Vector2.Normalize(axis), radius, Pitch: pitch);

    public static Surface Torus(Vector2 center, float radius, float width) =>
        new(SurfaceKind.Torus, center, Radius: radius, Width: width);

    public static Surface Sphere(Vector2 center, float radius) => new(SurfaceKind.Sphere, center, Radius: radius);

    public static Surface Cone(Vector2 center, float slope) => new(SurfaceKind.Cone, center, Slope: slope);
}
