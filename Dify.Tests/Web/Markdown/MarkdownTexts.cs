using Dify.Web.Components.Shared.Markdown;
using Dify.Web.Resources;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Dify.Tests.Web.Markdown;

internal static class MarkdownTexts
{
    public static MarkdownRenderer Renderer() => new(new StringLocalizer<MarkdownText>(
        new ResourceManagerStringLocalizerFactory(
            Options.Create(new LocalizationOptions()), NullLoggerFactory.Instance)));
}
