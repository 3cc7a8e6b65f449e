using Yolact.Edge.Commands;

return await YolactEdgeCommand.Create().Parse(args).InvokeAsync();
