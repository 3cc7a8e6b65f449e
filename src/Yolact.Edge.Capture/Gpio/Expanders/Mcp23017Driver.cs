using System.Device.Gpio;
using System.Device.I2c;
using Iot.Device.Mcp23xxx;

namespace Yolact.Edge.Capture.Gpio.Expanders;

/// <summary>Sixteen lines of an MCP23017 on I2C. Without its interrupt line, edges are seen by polling: use it for outputs.</summary>
internal static class Mcp23017Driver
{
    /// <summary>Opens the expander.</summary>
    /// <param name="options">Where it is.</param>
    public static GpioDriver Open(ExpanderOptions options) => new Mcp23017(I2cDevice.Create(new I2cConnectionSettings(options.Bus, options.Address)));
}
