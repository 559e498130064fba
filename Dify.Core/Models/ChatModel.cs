using System.Text.Json.Nodes;
using Dify.Core.Models.Calls;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models;

/// <summary>
/// A chat model ready to call. Calls through <see cref="Client"/> are measured and recorded, and fail only with
/// coded <see cref="Common.DifyException"/>s (<c>provider_not_initialize</c>, <c>provider_quota_exceeded</c>,
/// <c>model_currently_not_support</c>, <c>completion_request_error</c>) or cancellation. They are
/// <see cref="ModelCallException"/>s, which carry Dify's class-style error type for nodes.
/// </summary>
public sealed record ChatModel(ModelDescriptor Descriptor, IChatClient Client)
{
    /// <summary>Options from Dify's <c>completion_params</c>; unknown keys go to the wire as they are.</summary>
    public ChatOptions CreateOptions(JsonObject? completionParams) => CompletionParams.ToOptions(Descriptor, completionParams);

    /// <summary>The usage with prices. Missing token counts are estimated from the texts.</summary>
    public ModelUsage Measure(UsageDetails? details, string prompt, string answer, TimeSpan elapsed) => ModelUsage.Create(
        Descriptor,
        (int)(details?.InputTokenCount ?? TokenCounter.Count(prompt)),
        (int)(details?.OutputTokenCount ?? TokenCounter.Count(answer)),
        elapsed);
}
