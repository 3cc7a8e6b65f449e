using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Remote;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Tests.Remote;

public sealed class ModelAndConfigCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_that_cannot_be_loaded_leaves_the_running_one_alone_and_says_why()
    {
        DeviceCommand command = new ReloadModelCommand(_ => throw new ModelException("model.onnx", "is no ONNX file.")).Command;
        CommandException error = await Assert.ThrowsAsync<CommandException>(() => command.Run(default, Cancellation));
        Assert.Equal(CommandCode.Failed, error.Code);
        Assert.Contains("model.onnx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_was_loaded_is_named()
    {
        DeviceCommand command = new ReloadModelCommand(_ => Task.FromResult(new ReloadModelResult("belt", "b", "a"))).Command;
        CommandReply reply = await command.Run(default, Cancellation);
        Assert.Equal((CommandCode.Done, "b"), (reply.Code, reply.Result!.Value.GetProperty("sha256").GetString()));
    }

    [Fact]
    public async Task A_configuration_is_taken_back_where_there_is_one()
    {
        CommandReply reply = await new RollbackConfigCommand(_ => Task.FromResult<string?>("6")).Command.Run(default, Cancellation);
        Assert.Equal("6", reply.Result!.Value.GetProperty("applied_version").GetString());
        DeviceCommand nothing = new RollbackConfigCommand(_ => Task.FromResult<string?>(null)).Command;
        Assert.Equal(CommandCode.Conflict, (await Assert.ThrowsAsync<CommandException>(() => nothing.Run(default, Cancellation))).Code);
    }

    [Fact]
    public async Task A_device_that_can_do_neither_says_so()
    {
        foreach (DeviceCommand command in (DeviceCommand[])[new ReloadModelCommand(null).Command, new RollbackConfigCommand(null).Command])
            Assert.Equal(CommandCode.NotAvailable, (await Assert.ThrowsAsync<CommandException>(() => command.Run(default, Cancellation))).Code);
    }
}
