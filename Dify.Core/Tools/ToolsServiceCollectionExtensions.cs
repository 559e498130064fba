using Dify.Core.Tools.BuiltIn;
using Dify.Core.Tools.BuiltIn.Json;
using Dify.Core.Tools.BuiltIn.Maths;
using Dify.Core.Tools.BuiltIn.Time;
using Dify.Core.Tools.BuiltIn.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Tools;

internal static class ToolsServiceCollectionExtensions
{
    public static IServiceCollection AddTools(this IServiceCollection services) => services
        .AddSingleton<TimeTools>()
        .AddSingleton<WebScraperTool>()
        .AddSingleton(provider => new BuiltInProvider(
            "time", "Time", "The current time, time zones, timestamps and weekdays.", "🕒", provider.GetRequiredService<TimeTools>().All))
        .AddSingleton(_ => new BuiltInProvider(
            "maths", "Maths", "Calculates expressions.", "🧮", [EvalExpressionTool.Create()]))
        .AddSingleton(_ => new BuiltInProvider(
            "regex", "Regex", "Finds text by regular expressions.", "🔎", [RegexExtractTool.Create()]))
        .AddSingleton(_ => new BuiltInProvider(
            "json_process", "JSON Process", "Finds, inserts, replaces and deletes values of JSON by path.", "🧩",
            JsonTools.Create()))
        .AddSingleton(provider => new BuiltInProvider(
            "webscraper", "WebScraper", "Reads the text of web pages.", "🌐", [provider.GetRequiredService<WebScraperTool>()]))
        .AddSingleton<IToolSource, BuiltInTools>()
        .AddSingleton(provider => new ToolCatalog(provider.GetServices<IToolSource>()));
}
