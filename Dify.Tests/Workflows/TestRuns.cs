using Dify.Core.Workflows.Engine;

namespace Dify.Tests.Workflows;

internal static class TestRuns
{
    public static RunContext Context() => new()
    {
        RunId = Guid.CreateVersion7(),
        WorkspaceId = Guid.CreateVersion7(),
        AppId = Guid.CreateVersion7(),
        UserId = "test_user",
        InvokeFrom = "debugger",
    };
}
