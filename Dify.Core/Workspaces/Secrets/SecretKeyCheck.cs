using Dify.Core.Common;
using Microsoft.Extensions.Hosting;

namespace Dify.Core.Workspaces.Secrets;

/// <summary>Refuses to start with a <c>SECRET_KEY</c> that protects nothing.</summary>
internal sealed class SecretKeyCheck(MasterKey key) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        key.Problem() is { } problem ? throw new CannotStartException(problem) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
